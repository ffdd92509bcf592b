/** Edits of the example fleet's templates that each break a promise: what the proof has to find out from templates alone. */
import { type AssemblyEdit, edit, moveStack, ofType, remove, replaceText, withId } from './mutate-assembly';

const ROUTING = 'shop-enterprise-routing';
const PRIMARY = 'shop-enterprise-use1';
const STANDBY = 'shop-enterprise-usw2';
const SERVICE_TARGET = withId(/^StampComputeScalableTarget/);

type Properties = Record<string, unknown>;
const set = (properties: Properties, values: Record<string, unknown>): void => {
  Object.assign(properties, values);
};
const config = (properties: Properties): Properties => (properties as { HealthCheckConfig: Properties }).HealthCheckConfig;

/** The checks of both records alone: EvaluateTargetHealth stays. */
export const withoutHealthChecks: AssemblyEdit[] = [
  edit(ROUTING, withId(/^RoutingRecords/), (properties) => {
    Reflect.deleteProperty(properties, 'HealthCheckId');
  }),
];
export const withoutHealthCheckOfPrimary: AssemblyEdit[] = [
  edit(ROUTING, withId(/^RoutingRecordsprimary/), (properties) => {
    Reflect.deleteProperty(properties, 'HealthCheckId');
  }),
];
export const withoutTargetHealth: AssemblyEdit[] = [
  edit(ROUTING, withId(/^RoutingRecords/), (properties) => {
    set((properties as { AliasTarget: Properties }).AliasTarget, { EvaluateTargetHealth: false });
  }),
];
/** Neither: nothing tells Route 53 that the primary is gone. */
export const withoutChecksAndTargetHealth: AssemblyEdit[] = [...withoutHealthChecks, ...withoutTargetHealth];
/** 30 s x 10. */
export const slowChecks: AssemblyEdit[] = [
  edit(ROUTING, ofType('AWS::Route53::HealthCheck', 'RequestInterval'), (properties) => {
    set(config(properties), { RequestInterval: 30, FailureThreshold: 10 });
  }),
];
export const withoutInversion: AssemblyEdit[] = [
  edit(ROUTING, ofType('AWS::Route53::HealthCheck', 'Inverted'), (properties) => {
    Reflect.deleteProperty(config(properties), 'Inverted');
  }),
];
export const otherToken: AssemblyEdit[] = [
  edit(ROUTING, ofType('AWS::Route53::HealthCheck', 'Inverted'), (properties) => {
    set(config(properties), { SearchString: 'evacuated' });
  }),
];
/** The stamps' own records as plain addresses that resolvers keep for 15 minutes. */
export const longTtl: AssemblyEdit[] = [PRIMARY, STANDBY].map((stack) =>
  edit(stack, ofType('AWS::Route53::RecordSet'), (properties) => {
    Reflect.deleteProperty(properties, 'AliasTarget');
    set(properties, { TTL: '900', ResourceRecords: ['192.0.2.1'] });
  }),
);
export const zeroTasks: AssemblyEdit[] = [
  edit(STANDBY, SERVICE_TARGET, (properties) => {
    set(properties, { MinCapacity: 0 });
  }),
];
export const maxBelowPeak: AssemblyEdit[] = [PRIMARY, STANDBY].map((stack) =>
  edit(stack, SERVICE_TARGET, (properties) => {
    set(properties, { MinCapacity: 2, MaxCapacity: 4 });
  }),
);
export const withoutReplica: AssemblyEdit[] = [
  edit('shop-pool-data', ofType('AWS::DynamoDB::GlobalTable'), (properties) => {
    const { Replicas: replicas } = properties as { Replicas: { Region: string }[] };
    set(properties, { Replicas: replicas.filter(({ Region }) => Region !== 'us-west-2') });
  }),
];
export const outsideGlobalCluster: AssemblyEdit[] = [
  edit(STANDBY, ofType('AWS::RDS::DBCluster'), (properties) => {
    Reflect.deleteProperty(properties, 'GlobalClusterIdentifier');
  }),
];
export const withoutCopies: AssemblyEdit[] = [
  edit(PRIMARY, ofType('AWS::Backup::BackupPlan'), (properties) => {
    const { BackupPlan: plan } = properties as { BackupPlan: { BackupPlanRule: Properties[] } };
    for (const rule of plan.BackupPlanRule) Reflect.deleteProperty(rule, 'CopyActions');
  }),
];
export const withoutPlan: AssemblyEdit[] = [remove(PRIMARY, (id) => /^StampBackup(Plan|Selection)/.test(id))];
export const withoutSecondary: AssemblyEdit[] = [remove(ROUTING, withId(/^RoutingRecordssecondary/))];
export const withoutCheckerAccess: AssemblyEdit[] = ['shop-control-use2', 'shop-control-usw2'].map((stack) =>
  edit(stack, ofType('AWS::S3::BucketPolicy', 'CheckersReadSwitches'), (properties) => {
    const { PolicyDocument: document } = properties as { PolicyDocument: { Statement: { Sid?: string }[] } };
    document.Statement = document.Statement.filter(({ Sid }) => Sid !== 'CheckersReadSwitches');
  }),
);
/** Both control stacks where internal has its one stamp: its switches are lost with it. */
export const controlInOnlyStampRegion: AssemblyEdit[] = [
  ...['use2', 'usw2'].map((code) => moveStack(`shop-control-${code}`, 'eu-west-1')),
  ...['enterprise', 'pool', 'internal'].flatMap((group) =>
    ['us-east-2', 'us-west-2'].map((region) => replaceText(`shop-${group}-routing`, `.s3.${region}.`, '.s3.eu-west-1.')),
  ),
];
