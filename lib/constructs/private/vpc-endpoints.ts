import { Fn, Stack, Tags, aws_ec2 as ec2, aws_iam as iam } from 'aws-cdk-lib';
import { DependencyGroup, type Construct } from 'constructs';

/** An interface endpoint of every stamp of one egress mode. */
interface EndpointChoice {
  /** Construct id: a contract. */
  readonly id: string;
  readonly service: ec2.InterfaceVpcEndpointAwsService;
  /** False where the service takes no endpoint policy, or is not known to; then any caller with credentials may use it. */
  readonly policy: boolean;
}

const Service = ec2.InterfaceVpcEndpointAwsService;

/**
 * What starting a task and judging the database call, so that recovery does not lean on NAT: image, secrets, the database
 * pointer, logs. The queue, because the worker must drain it whatever else happens. Left to NAT, for the
 * price of about 0.01 USD an hour and zone each: STS and KMS (tasks get their credentials from the task endpoint, and
 * Secrets Manager, SSM and SQS decrypt on their own side), metrics, traces and the ECS agent.
 */
const RECOVERY_ENDPOINTS: readonly EndpointChoice[] = [
  { id: 'EcrApi', service: Service.ECR, policy: true },
  { id: 'EcrDocker', service: Service.ECR_DOCKER, policy: true },
  { id: 'Logs', service: Service.CLOUDWATCH_LOGS, policy: true },
  { id: 'Ssm', service: Service.SSM, policy: true },
  { id: 'SecretsManager', service: Service.SECRETS_MANAGER, policy: true },
  { id: 'Sqs', service: Service.SQS, policy: true },
];

/** With no way out, everything the stamp's parts call: besides the above target health (for the health function), the ECS agent's three, ECS Exec, metrics and traces. */
const CLOSED_NETWORK_ENDPOINTS: readonly EndpointChoice[] = [
  ...RECOVERY_ENDPOINTS,
  { id: 'LoadBalancing', service: Service.ELASTIC_LOAD_BALANCING, policy: false },
  { id: 'Kms', service: Service.KMS, policy: true },
  { id: 'Sts', service: Service.STS, policy: true },
  { id: 'Monitoring', service: Service.CLOUDWATCH_MONITORING, policy: true },
  { id: 'XRay', service: Service.XRAY, policy: false },
  { id: 'SsmMessages', service: Service.SSM_MESSAGES, policy: false },
  { id: 'Ecs', service: Service.ECS, policy: false },
  { id: 'EcsAgent', service: Service.ECS_AGENT, policy: false },
  { id: 'EcsTelemetry', service: Service.ECS_TELEMETRY, policy: false },
];

export interface StampEndpointsProps {
  readonly vpc: ec2.Vpc;
  readonly name: string;
  readonly securityGroup: ec2.ISecurityGroup;
  /** True when the endpoints are the only way out. */
  readonly closed: boolean;
  readonly additional: readonly ec2.InterfaceVpcEndpointAwsService[];
}

/**
 * Gateway endpoints for S3 and DynamoDB (free of charge) and the interface endpoints of the egress mode.
 *
 * Endpoint policies exist where they are a boundary: in a closed network they let only the stamp's own account through, so
 * that a credential from elsewhere cannot carry data out. Beside a NAT gateway they would bound nothing and break
 * anonymous reads of public buckets.
 */
export function addEndpoints(scope: Construct, props: StampEndpointsProps): ec2.InterfaceVpcEndpoint[] {
  const gateways = [
    addGateway(scope, 'S3', ec2.GatewayVpcEndpointAwsService.S3, props),
    addGateway(scope, 'DynamoDb', ec2.GatewayVpcEndpointAwsService.DYNAMODB, props),
  ];
  const choices = props.closed ? CLOSED_NETWORK_ENDPOINTS : RECOVERY_ENDPOINTS;
  const added = new Set<string>();
  const endpoints: ec2.InterfaceVpcEndpoint[] = [];
  const wanted = [
    ...choices,
    ...props.additional.map((service) => ({ id: service.shortName.replaceAll('.', '-'), service, policy: false })),
  ];
  for (const { id, service, policy } of wanted) {
    if (added.has(service.shortName)) continue;
    added.add(service.shortName);
    const endpoint = new ec2.InterfaceVpcEndpoint(scope, id, {
      vpc: props.vpc,
      service,
      subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [props.securityGroup],
      // The group's own rule admits the VPC and no more.
      open: false,
      privateDnsEnabled: true,
    });
    if (props.closed && policy) endpoint.addToPolicy(ownAccountOnly(scope));
    Tags.of(endpoint).add('Name', `${props.name}/${service.shortName}`);
    endpoints.push(endpoint);
  }
  if (props.closed) makeWayOut(props.vpc, [...gateways, ...endpoints]);
  return endpoints;
}

/**
 * In a closed network the endpoints are the way out: what waits for the connectivity of the private subnets (tasks, functions) waits for
 * them, as it waits for NAT gateways elsewhere. Without it the first tasks start before they can pull an image.
 */
function makeWayOut(vpc: ec2.Vpc, endpoints: readonly Construct[]): void {
  for (const { internetConnectivityEstablished: wayOut } of vpc.privateSubnets) {
    if (wayOut instanceof DependencyGroup) wayOut.add(...endpoints);
  }
}

function addGateway(
  scope: Construct,
  id: string,
  service: ec2.GatewayVpcEndpointAwsService,
  { vpc, closed, name }: StampEndpointsProps,
): ec2.GatewayVpcEndpoint {
  const gateway = new ec2.GatewayVpcEndpoint(scope, id, {
    vpc,
    service,
    subnets: [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  Tags.of(gateway).add('Name', `${name}/${id.toLowerCase()}`);
  if (closed) {
    gateway.addToPolicy(ownAccountOnly(scope));
    if (id === 'S3') {
      gateway.addToPolicy(imageLayers(scope));
      gateway.addToPolicy(answersToCloudFormation(scope));
    }
  }
  return gateway;
}

function ownAccountOnly(scope: Construct): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'OwnAccountOnly',
    principals: [new iam.AnyPrincipal()],
    actions: ['*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(scope).account } },
  });
}

/** ECR sends image layers from a bucket of its own, by URLs that its own principal signed. */
function imageLayers(scope: Construct): iam.PolicyStatement {
  const { partition, region } = Stack.of(scope);
  return new iam.PolicyStatement({
    sid: 'ImageLayers',
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`],
  });
}

/**
 * Functions behind custom resources answer by a URL that CloudFormation's own principal signed, into a bucket per Region whose name has the
 * Region without hyphens (CloudFormation user guide, "Access CloudFormation using an interface endpoint").
 */
function answersToCloudFormation(scope: Construct): iam.PolicyStatement {
  const { partition, region } = Stack.of(scope);
  const bucket = `cloudformation-custom-resource-response-${Fn.join('', Fn.split('-', region))}`;
  return new iam.PolicyStatement({
    sid: 'AnswersToCloudFormation',
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [`arn:${partition}:s3:::${bucket}/*`],
  });
}
