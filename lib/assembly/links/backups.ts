import type { BackupPlanFact, BackupSelectionFact, ProtectedResource, RestoreTestingFact, VaultFact } from '../facts/backups';
import type { TableFact } from '../facts/databases';
import { compareText } from '../../order';
import { environmentOf, type Drafts } from '../readers/drafts';
import { definedOf } from '../resource-view';
import { dangling, grouped, placed, type LinkContext } from './link-context';
import { matchesPattern } from './wildcards';

export interface LinkedBackups {
  readonly vaults: readonly VaultFact[];
  readonly backupPlans: readonly BackupPlanFact[];
  readonly restoreTests: readonly RestoreTestingFact[];
}

export function linkBackups(drafts: Drafts, context: LinkContext): LinkedBackups {
  const byArn = new Map(drafts.vaults.map(({ arn, id }) => [arn, id] as const));
  const byName = new Map(drafts.vaults.map(({ origin, name, id }) => [`${environmentOf(origin)} ${name}`, id] as const));
  const selectionsOf = grouped(drafts.backupSelections, ({ plan }) => plan);
  const data = new ProtectableData(drafts);
  const testsOf = grouped(drafts.restoreTestSelections, ({ environment, plan }) => `${environment} ${plan}`);

  return {
    vaults: drafts.vaults.map((vault) => placed(vault, context)),
    backupPlans: drafts.backupPlans.map((draft): BackupPlanFact => {
      const { planId, ...plan } = draft;
      const environment = environmentOf(plan.origin);
      const selections = (selectionsOf.get(planId) ?? []).map(({ plan: _plan, ...selection }) => selection);
      const rules = plan.rules.map((rule) => {
        const vaultId = byName.get(`${environment} ${rule.vaultName}`);
        if (vaultId === undefined) dangling(plan, ['BackupPlan', 'BackupPlanRule'], `the vault ${rule.vaultName}`, context);
        const copies = rule.copies.map((copy) => {
          const destination = byArn.get(copy.destinationArn);
          if (destination === undefined)
            dangling(plan, ['BackupPlan', 'BackupPlanRule'], `the vault ${copy.destinationArn}`, context, 'info');
          return definedOf({ ...copy, vaultId: destination });
        });
        return definedOf({ ...rule, vaultId, copies });
      });
      return placed({ ...plan, rules, selections, protects: data.selectedBy(environment, selections) }, context);
    }),
    restoreTests: drafts.restoreTests.map((test): RestoreTestingFact => {
      const selections = testsOf.get(`${environmentOf(test.origin)} ${test.name}`) ?? [];
      return placed(
        {
          ...test,
          vaultIds: test.vaultArns.flatMap((arn) => byArn.get(arn) ?? []).sort(),
          selections: selections.map(({ environment: _environment, plan: _plan, ...selection }) => selection),
        },
        context,
      );
    }),
  };
}

interface Protectable extends ProtectedResource {
  readonly arn: string;
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What plans of AWS Backup can take: in their own account and Region, by tag and ARN. */
class ProtectableData {
  private readonly inEnvironment: ReadonlyMap<string, readonly Protectable[]>;
  private readonly byTag: ReadonlyMap<string, readonly Protectable[]>;

  public constructor(drafts: Drafts) {
    const all = [
      ...drafts.databaseClusters.map(({ id, arn, origin, tags }) => protectable(id, arn, origin, tags)),
      ...drafts.databaseInstances
        .filter(({ cluster }) => cluster === undefined)
        .map(({ id, arn, origin, tags }) => protectable(id, arn, origin, tags)),
      ...drafts.tables.flatMap(replicasOf),
    ];
    this.inEnvironment = grouped(all, ({ environment }) => environment);
    const byTag = new Map<string, Protectable[]>();
    for (const data of all) {
      for (const [key, value] of Object.entries(data.tags)) {
        const place = tagPlace(data.environment, key, value);
        const list = byTag.get(place) ?? [];
        if (list.push(data) === 1) byTag.set(place, list);
      }
    }
    this.byTag = byTag;
  }

  public selectedBy(environment: string, selections: readonly BackupSelectionFact[]): ProtectedResource[] {
    const found = new Map<string, ProtectedResource>();
    for (const selection of selections) {
      for (const data of this.candidates(environment, selection)) {
        if (isSelected(data, selection)) found.set(data.databaseId, { databaseId: data.databaseId, region: data.region });
      }
    }
    return [...found.values()].sort((a, b) => compareText(a.databaseId, b.databaseId));
  }

  /** By tag where there is one, so that a thousand plans do not look at a thousand databases each. */
  private candidates(environment: string, { tags, anyTag }: BackupSelectionFact): readonly Protectable[] {
    const [first] = Object.entries(tags);
    const wanted = first === undefined ? anyTag.map(({ key, value }) => [key, value] as const) : [first];
    if (wanted.length === 0) return this.inEnvironment.get(environment) ?? [];
    return wanted.flatMap(([key, value]) => this.byTag.get(tagPlace(environment, key, value)) ?? []);
  }
}

function protectable(
  databaseId: string,
  arn: string,
  origin: { account: string; region: string },
  tags: Readonly<Record<string, string>>,
): Protectable {
  return { databaseId, arn, region: origin.region, environment: environmentOf(origin), tags };
}

/** Every replica is a resource of its own Region, with its own tags. */
function replicasOf({ id, origin, name, replicas }: TableFact): Protectable[] {
  return replicas.map(({ region, tags }) => ({
    databaseId: id,
    arn: `arn:aws:dynamodb:${region}:${origin.account}:table/${name}`,
    region,
    environment: environmentOf({ account: origin.account, region }),
    tags,
  }));
}

/** ARN and every tag of `tags`, and one of `anyTag` where there are any. */
function isSelected({ arn, tags }: Protectable, selection: BackupSelectionFact): boolean {
  const { resources, notResources, anyTag } = selection;
  if (resources.length > 0 && !resources.some((pattern) => matchesPattern(pattern, arn))) return false;
  if (notResources.some((pattern) => matchesPattern(pattern, arn))) return false;
  if (Object.entries(selection.tags).some(([key, value]) => tags[key] !== value)) return false;
  return anyTag.length === 0 || anyTag.some(({ key, value }) => tags[key] === value);
}

function tagPlace(environment: string, key: string, value: string): string {
  return `${environment} ${key}=${value}`;
}
