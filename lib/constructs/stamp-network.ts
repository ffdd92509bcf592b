import { Aws, RemovalPolicy, Stack, Tags, type CfnResource, aws_ec2 as ec2, aws_logs as logs } from 'aws-cdk-lib';
import type { aws_kms as kms } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from './private/acknowledge';
import { ExplicitAddresses } from './private/explicit-addresses';
import { addFlowLogs } from './private/flow-logs';
import { checkNetwork } from './private/network-checks';
import { addTransitAttachment } from './private/transit-attachment';
import { addEndpoints } from './private/vpc-endpoints';
import { withKnownZones } from './private/zone-lookup';

/** How the private subnets reach what is outside the VPC. */
export enum StampEgress {
  /** One NAT gateway in every zone, each with its own Elastic IP (the default quota is 5 a Region, aws-facts 8.3). */
  NAT = 'nat',
  /** VPC endpoints only: nothing in the private subnets reaches the internet. */
  ENDPOINTS_ONLY = 'endpoints-only',
}

/** Properties of a StampNetwork. */
export interface StampNetworkProps {
  /** CIDR of the VPC. */
  readonly vpcCidr: string;

  /** Full names of the zones, such as `us-east-1a`, in the order the subnets take. Zones are structure: never look them up. */
  readonly availabilityZones: string[];

  /** CIDRs of the public subnets (load balancer, NAT gateways), one per zone. */
  readonly publicSubnetCidrs: string[];

  /** CIDRs of the private subnets (tasks, functions, interface endpoints), one per zone. */
  readonly privateSubnetCidrs: string[];

  /** CIDRs of the isolated subnets (databases), one per zone. */
  readonly isolatedSubnetCidrs: string[];

  /**
   * Beginning of the `Name` tags: `<name>`, `<name>/public-us-east-1a`.
   *
   * @default - the name of the CloudFormation stack
   */
  readonly name?: string;

  /**
   * How the private subnets reach what is outside the VPC.
   *
   * @default StampEgress.NAT
   */
  readonly egress?: StampEgress;

  /**
   * Interface endpoints beside those that the egress mode brings, for what the application itself calls.
   *
   * @default - none
   */
  readonly additionalEndpoints?: ec2.InterfaceVpcEndpointAwsService[];

  /**
   * Transit gateway in the same Region that the VPC is attached to.
   *
   * @default - not attached
   */
  readonly transitGatewayId?: string;

  /**
   * CIDRs that the private subnets reach through the transit gateway.
   *
   * @default - none; required with a transit gateway
   */
  readonly transitCidrs?: string[];

  /**
   * How long flow logs are kept.
   *
   * @default logs.RetentionDays.THREE_MONTHS
   */
  readonly flowLogRetention?: logs.RetentionDays;

  /**
   * Key for the flow logs. Its key policy must allow CloudWatch Logs of this Region.
   *
   * @default - encrypted by CloudWatch Logs with a key of its own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the flow logs when the network is removed.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The network of one stamp: a VPC with public, private and isolated subnets in every zone, a NAT gateway per zone (or none),
 * endpoints, flow logs, and optionally a transit gateway attachment. Nothing of it is shared between zones, so the loss of
 * one takes nothing from the others.
 *
 * Every resource names its own security group; the VPC's default one stays unused.
 */
export class StampNetwork extends Construct {
  /** The VPC. */
  public readonly vpc: ec2.Vpc;
  /** Public addresses of the NAT gateways, in the order of the zones: who the private subnets are to others. Empty without NAT. */
  public readonly natAddresses: string[];
  /** Group of the interface endpoints: port 443 from the VPC's CIDR, and nothing else. */
  public readonly endpointSecurityGroup: ec2.SecurityGroup;
  /** The interface endpoints. */
  public readonly interfaceEndpoints: ec2.InterfaceVpcEndpoint[];
  /** Where the flow logs go. */
  public readonly flowLogGroup: logs.LogGroup;
  /** The attachment to the transit gateway, when there is one. */
  public readonly transitGatewayAttachment?: ec2.CfnTransitGatewayAttachment;

  /**
   * @throws StampError `NETWORK_WITHOUT_ZONES`, `ZONE_LISTED_TWICE`, `SUBNETS_DO_NOT_MATCH_ZONES`, `INVALID_CIDR`, `CIDR_SIZE_NOT_ALLOWED`, `SUBNETS_OVERLAP`,
   * `SUBNET_OUTSIDE_VPC`, `TRANSIT_GATEWAY_MISSING`, `TRANSIT_CIDRS_MISSING`, `TRANSIT_DEFAULT_ROUTE`, `TRANSIT_CIDR_INSIDE_VPC`
   */
  public constructor(scope: Construct, id: string, props: StampNetworkProps) {
    super(scope, id);
    const closed = props.egress === StampEgress.ENDPOINTS_ONLY;
    checkNetwork(props, !closed);
    const name = props.name ?? Aws.STACK_NAME;

    const addresses = closed ? [] : props.availabilityZones.map((zone, index) => natAddress(this, index, `${name}/nat-${zone}`));
    this.natAddresses = addresses.map((address) => address.attrPublicIp);
    this.vpc = withKnownZones(Stack.of(this), props.availabilityZones, () => createVpc(this, props, name, addresses));
    nameSubnets(this.vpc, name);
    acknowledgeVpc(this.vpc);

    this.endpointSecurityGroup = new ec2.SecurityGroup(this, 'EndpointSecurityGroup', {
      vpc: this.vpc,
      description: 'Interface endpoints: HTTPS from the VPC of the stamp',
      allowAllOutbound: false,
    });
    this.endpointSecurityGroup.addIngressRule(ec2.Peer.ipv4(props.vpcCidr), ec2.Port.tcp(443), 'HTTPS from the VPC');
    this.interfaceEndpoints = addEndpoints(this, {
      vpc: this.vpc,
      name,
      securityGroup: this.endpointSecurityGroup,
      closed,
      additional: props.additionalEndpoints ?? [],
    });

    this.flowLogGroup = addFlowLogs(this, {
      vpc: this.vpc,
      name,
      retention: props.flowLogRetention ?? logs.RetentionDays.THREE_MONTHS,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    if (props.transitGatewayId !== undefined) {
      this.transitGatewayAttachment = addTransitAttachment(this, {
        vpc: this.vpc,
        name,
        transitGatewayId: props.transitGatewayId,
        transitCidrs: props.transitCidrs ?? [],
      });
    }
  }

  /**
   * Keeps the VPC and the isolated subnets when the stack goes. A database that is retained goes on using them: without this, removing
   * its stack would end in DELETE_FAILED at the subnets (design R8).
   */
  public retainForDatabase(removalPolicy: RemovalPolicy): void {
    for (const construct of [this.vpc, ...this.vpc.isolatedSubnets]) {
      (construct.node.defaultChild as CfnResource).applyRemovalPolicy(removalPolicy);
    }
  }
}

/** Partners put these addresses on their allow lists, so they are resources of their own and outlive their gateways. */
function natAddress(scope: Construct, index: number, name: string): ec2.CfnEIP {
  const address = new ec2.CfnEIP(scope, `NatAddress${index + 1}`, { domain: 'vpc' });
  Tags.of(address).add('Name', name);
  return address;
}

function createVpc(scope: Construct, props: StampNetworkProps, name: string, addresses: readonly ec2.CfnEIP[]): ec2.Vpc {
  return new ec2.Vpc(scope, 'Vpc', {
    vpcName: name,
    availabilityZones: props.availabilityZones,
    ipAddresses: new ExplicitAddresses(
      props.vpcCidr,
      new Map([
        ['public', props.publicSubnetCidrs],
        ['private', props.privateSubnetCidrs],
        ['isolated', props.isolatedSubnetCidrs],
      ]),
    ),
    // The private subnets keep their type without NAT, so that the other parts select them the same way in both modes.
    natGateways: addresses.length,
    ...(addresses.length > 0 && {
      natGatewayProvider: ec2.NatProvider.gateway({
        eipAllocationIds: addresses.map((address) => address.attrAllocationId),
      }),
    }),
    subnetConfiguration: [
      { name: 'public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
    restrictDefaultSecurityGroup: false,
  });
}

/** Replaces the construct path in the `Name` tags, which would differ between a stamp and its shape (design 11). */
function nameSubnets(vpc: ec2.Vpc, name: string): void {
  const groups = { public: vpc.publicSubnets, private: vpc.privateSubnets, isolated: vpc.isolatedSubnets };
  for (const [kind, subnets] of Object.entries(groups)) {
    for (const subnet of subnets) Tags.of(subnet).add('Name', `${name}/${kind}-${subnet.availabilityZone}`);
  }
}

function acknowledgeVpc(vpc: ec2.Vpc): void {
  acknowledge(
    vpc,
    'CloudFormation cannot empty the default security group without a custom resource; every resource of the stamp names a group of its own, so the default one has no members.',
    'NIST.800.53.R5-VPCDefaultSecurityGroupClosed',
  );
  acknowledge(
    vpc,
    "Zones are explicit because Fn::GetAZs may reorder or extend its answer, which would replace subnets; a network's Region is concrete.",
    'CloudFormation-Validate::W3010',
  );
  for (const subnet of vpc.publicSubnets) {
    acknowledge(
      subnet,
      'Public subnets hold the internet-facing load balancer and the NAT gateways, and assign no public addresses by themselves.',
      'NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW',
    );
  }
}
