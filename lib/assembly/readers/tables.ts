import type { TableReplicaFact } from '../facts/databases';
import { compareText } from '../../order';
import { definedOf, type ResourceView } from '../resource-view';
import type { ValueView } from '../value-view';
import type { Drafts } from './drafts';
import { flagOr, numberOr } from './number-or';
import type { Reader } from './reader';

/** `AWS::DynamoDB::*`. */
export const TABLE_READERS: Readonly<Record<string, Reader>> = {
  'AWS::DynamoDB::GlobalTable': readGlobalTable,
  'AWS::DynamoDB::Table': readTable,
};

/** Without a period of its own, point-in-time recovery reaches back this many days. */
const DEFAULT_RECOVERY_DAYS = 35;

function readGlobalTable(view: ResourceView, drafts: Drafts): void {
  const replicas = view.at('Replicas').items().map(replicaOf);
  drafts.tables.push(
    view.fact({
      name: view.name(),
      replicas: replicas.sort((a, b) => compareText(a.region, b.region)),
      consistency: view.at('MultiRegionConsistency').text() === 'STRONG' ? ('strong' as const) : ('eventual' as const),
      witnessRegion: view.at('GlobalTableWitnesses').items()[0]?.at('Region').text(),
      ...common(view),
    }),
  );
}

function readTable(view: ResourceView, drafts: Drafts): void {
  drafts.tables.push(
    view.fact({
      name: view.name(),
      replicas: [{ ...replicaOf(view.properties), region: view.stack.region, tags: view.tags() }],
      consistency: 'eventual' as const,
      ...common(view),
    }),
  );
}

function common(view: ResourceView): { billing: 'PAY_PER_REQUEST' | 'PROVISIONED'; timeToLive: boolean; deletionPolicy: string } {
  return {
    billing: view.at('BillingMode').text() === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    timeToLive: flagOr(view.at('TimeToLiveSpecification', 'Enabled'), false),
    deletionPolicy: view.deletionPolicy(),
  };
}

function replicaOf(view: ValueView): TableReplicaFact {
  const recovery = view.at('PointInTimeRecoverySpecification');
  const enabled = flagOr(recovery.at('PointInTimeRecoveryEnabled'), false);
  return definedOf({
    region: view.at('Region').text() ?? '',
    pointInTimeRecovery: enabled,
    recoveryPeriodDays: enabled ? numberOr(recovery.at('RecoveryPeriodInDays'), DEFAULT_RECOVERY_DAYS) : undefined,
    deletionProtection: flagOr(view.at('DeletionProtectionEnabled'), false),
    kmsKey: view.at('SSESpecification', 'KMSMasterKeyId').text(),
    tags: Object.fromEntries(
      view
        .at('Tags')
        .items()
        .map((tag) => [tag.at('Key').text() ?? '', tag.at('Value').text() ?? '']),
    ),
  });
}
