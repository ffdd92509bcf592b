import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { StampDatabaseProbe, type StampHealthProps } from '../stamp-health-props';

const HTTPS = 443;
const SQL_PORTS: Partial<Record<StampDatabaseProbe, number>> = {
  [StampDatabaseProbe.POSTGRESQL]: 5432,
  [StampDatabaseProbe.MYSQL]: 3306,
};

/**
 * Ways out of the health function: HTTPS (load balancer, AWS endpoints, dependencies), further ports of dependencies, and the database.
 * The rules of the database are L1: those of the L2 are named after construct paths, and inlined or not depending on whether the
 * port is a token, so a shape and a stamp would differ (design 11).
 */
export function allowHealthEgress(scope: Construct, group: ec2.SecurityGroup, props: StampHealthProps): void {
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(HTTPS), 'HTTPS: load balancer, AWS endpoints, dependencies');
  for (const port of dependencyPorts(props)) {
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), `Dependencies on port ${port}`);
  }

  const port = props.databasePort ?? SQL_PORTS[props.databaseProbe ?? StampDatabaseProbe.NONE];
  if (port === undefined) return;
  const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port };
  new ec2.CfnSecurityGroupEgress(scope, 'DatabaseEgress', {
    ...rule,
    groupId: group.securityGroupId,
    description: 'The database',
    ...(props.databaseSecurityGroup !== undefined
      ? { destinationSecurityGroupId: props.databaseSecurityGroup.securityGroupId }
      : { cidrIp: '0.0.0.0/0' }),
  });
  if (props.databaseSecurityGroup === undefined) return;
  new ec2.CfnSecurityGroupIngress(scope, 'DatabaseIngress', {
    ...rule,
    groupId: props.databaseSecurityGroup.securityGroupId,
    sourceSecurityGroupId: group.securityGroupId,
    description: 'Health function of the stamp',
  });
}

/** Other than 443, in order. */
function dependencyPorts(props: StampHealthProps): number[] {
  const ports = (props.dependencies ?? [])
    .filter(({ url }) => !Token.isUnresolved(url))
    .map(({ url }) => new URL(url))
    .map(({ port, protocol }) => (port !== '' ? Number(port) : protocol === 'http:' ? 80 : HTTPS));
  return [...new Set(ports)].filter((port) => port !== HTTPS).sort((a, b) => a - b);
}
