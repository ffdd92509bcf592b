import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StampDatabaseProbe, StandbyServes, type StampHealthProps } from '../stamp-health-props';
import { StampEgress } from '../stamp-network';

/**
 * Roots that AWS ships with the Node.js runtimes. Since nodejs20 they are not trusted by default, and the certificates of RDS chain to
 * roots that Node.js does not have (Lambda developer guide, "Building Lambda functions with Node.js"). Loading them lengthens a cold
 * start, so only functions that log in to a database do.
 */
export const RUNTIME_ROOTS = '/var/runtime/ca-cert.pem';

/** What lib/functions/stamp-health/settings.ts reads. */
export function healthEnvironment(scope: Construct, props: StampHealthProps): Record<string, string> {
  const probe = props.databaseProbe ?? StampDatabaseProbe.NONE;
  const dependencies = (props.dependencies ?? []).map(({ name, url, shared }) => ({ name, url, shared }));
  return {
    STAMP_ID: props.stampId,
    STAMP_STANDBY_SERVES: props.standbyServes ?? StandbyServes.READS,
    STAMP_WRITER_GRACE_SECONDS: String(props.writerGrace?.toSeconds() ?? 90),
    STAMP_REPLICA_GRACE_SECONDS: String(props.replicaGrace?.toSeconds() ?? 0),
    ...(props.warnLag !== undefined && { STAMP_WARN_LAG_SECONDS: String(props.warnLag.toSeconds()) }),
    ...compute(props),
    STAMP_DATABASE_PROBE: probe,
    ...(props.databaseParameter !== undefined && { STAMP_DATABASE_PARAMETER: props.databaseParameter.parameterName }),
    ...(props.databaseUser !== undefined && { STAMP_DATABASE_USER: props.databaseUser }),
    ...(props.databaseShared === true && { STAMP_DATABASE_SHARED: 'true' }),
    ...(dependencies.length > 0 && { STAMP_DEPENDENCIES: Stack.of(scope).toJsonString(dependencies) }),
    ...(isSql(probe) && { NODE_EXTRA_CA_CERTS: RUNTIME_ROOTS }),
  };
}

function compute(props: StampHealthProps): Record<string, string> {
  if (props.egress === StampEgress.ENDPOINTS_ONLY && props.computeTargetGroup !== undefined) {
    return { STAMP_TARGET_GROUP: props.computeTargetGroup.targetGroupArn };
  }
  return {
    STAMP_LOAD_BALANCER: props.loadBalancer.loadBalancerDnsName,
    STAMP_RECORD_NAME: props.recordName,
    STAMP_HEALTH_PATH: props.healthPath,
  };
}

function isSql(probe: StampDatabaseProbe): boolean {
  return probe === StampDatabaseProbe.POSTGRESQL || probe === StampDatabaseProbe.MYSQL;
}
