import { aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface LoadBalancerProps {
  readonly vpc: ec2.IVpc;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly deletionProtection: boolean;
  readonly clientKeepAlive: Duration;
  readonly idleTimeout: Duration;
  readonly wafFailOpen: boolean;
}

/** Open to everybody on the two ports, and out to nothing that is not attached. */
export function createLoadBalancerSecurityGroup(scope: Construct, vpc: ec2.IVpc): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Load balancer of the stamp: HTTPS and the redirect to it from everywhere',
    allowAllOutbound: false,
  });
  group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS from everywhere');
  group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80), 'HTTP from everywhere, redirected to HTTPS');
  acknowledge(
    group,
    "The stamp's public entrance: clients and the Route 53 checkers come from everywhere, to ports 443 and 80 only, and pass the web ACL.",
    'AwsSolutions-EC23',
  );
  return group;
}

/** The internet-facing load balancer with every attribute that a stamp depends on (aws-facts 6.1, 9.2, 3.5). */
export function createLoadBalancer(scope: Construct, props: LoadBalancerProps): elbv2.ApplicationLoadBalancer {
  const loadBalancer = new elbv2.ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc: props.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    internetFacing: true,
    // Checks of a name use IPv4 only (aws-facts 2.3).
    ipAddressType: elbv2.IpAddressType.IPV4,
    securityGroup: props.securityGroup,
    deletionProtection: props.deletionProtection,
    dropInvalidHeaderFields: true,
    // Strictest would also refuse requests that are merely unusual, such as a GET with a body.
    desyncMitigationMode: elbv2.DesyncMitigationMode.DEFENSIVE,
    clientKeepAlive: props.clientKeepAlive,
    idleTimeout: props.idleTimeout,
    crossZoneEnabled: true,
  });
  // Without it nobody can shift traffic away from a zone (aws-facts 3.5).
  loadBalancer.setAttribute('zonal_shift.config.enabled', 'true');
  // Always said, because an attribute that a template no longer names keeps its last value.
  loadBalancer.setAttribute('waf.fail_open.enabled', String(props.wafFailOpen));
  return loadBalancer;
}
