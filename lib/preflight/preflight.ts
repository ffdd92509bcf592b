import type { AssemblyStack } from '../assembly/read-assembly';
import type { Finding } from '../findings';
import { compareText } from '../order';
import type { Fleet } from '../topology/types';
import { checkQuotas, type InUse, type QuotaLine } from './check-quotas';
import { countNotJudged, countStack, type NotJudged } from './count-usage';
import { type HealthCheckCost, healthCheckCost } from './health-check-cost';
import { type KnownQuota, Limits } from './known-quotas';
import { findPrerequisites, type Prerequisite } from './prerequisites';
import { type AccountLoad, type Proposal, proposeSplit } from './propose-split';
import { addsUp, Tally, type Usage } from './usage';

/** What `preflight` has to say about a fleet. */
export interface PreflightReport {
  readonly lines: readonly QuotaLine[];
  readonly findings: readonly Finding[];
  readonly healthChecks: HealthCheckCost;
  /** Ways out for the accounts that are too small, sorted by account. */
  readonly proposals: readonly Proposal[];
  readonly prerequisites: readonly Prerequisite[];
  readonly notJudged: readonly NotJudged[];
}

export interface PreflightOptions {
  /** Quotas that differ from AWS's defaults. @default - none is known */
  readonly known?: readonly KnownQuota[];
  /** What others use already. @default - not known */
  readonly inUse?: InUse;
  /** Group of each stack, by stack name. Stacks without one stay where they are. @default - no split is proposed */
  readonly groupOf?: ReadonlyMap<string, string>;
}

/** Judges the stacks of a fleet. Linear in their resources. */
export function runPreflight(stacks: readonly AssemblyStack[], options: PreflightOptions = {}): PreflightReport {
  const limits = new Limits(options.known);
  const tally = new Tally();
  const loads = new Map<string, Load>();
  for (const stack of stacks) {
    const usages = countStack(stack);
    tally.addAll(usages);
    addToLoad(loads, stack.account, options.groupOf?.get(stack.stackName), usages);
  }
  const usages = tally.sorted();
  const inUse = options.inUse ?? (() => undefined);
  const { lines, findings } = checkQuotas(usages, limits, inUse);
  const proposals = [...loads]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([account, load]) => {
      const others = usages
        .filter((usage) => usage.account === account && addsUp(usage))
        .flatMap((usage) => {
          const used = inUse(usage);
          return used === undefined ? [] : [{ ...usage, used }];
        });
      const proposal = proposeSplit({ account, groups: load.groups, fixed: [...load.fixed, ...others] }, limits);
      return proposal === undefined ? [] : [proposal];
    });
  return {
    lines,
    findings,
    healthChecks: healthCheckCost(stacks),
    proposals,
    prerequisites: findPrerequisites(stacks),
    notJudged: countNotJudged(stacks),
  };
}

/** Which group each stack of a fleet belongs to; control stacks belong to none. */
export function groupsOfStacks(fleet: Fleet): Map<string, string> {
  return new Map(
    fleet.groups.flatMap((group) =>
      [group.names.dataStack, group.names.routingStack, ...group.stamps.map((stamp) => stamp.values.names.stack)].map(
        (stack): [string, string] => [stack, group.name],
      ),
    ),
  );
}

interface Load extends Pick<AccountLoad, 'account'> {
  readonly groups: Map<string, Usage[]>;
  readonly fixed: Usage[];
}

function addToLoad(loads: Map<string, Load>, account: string, group: string | undefined, usages: readonly Usage[]): void {
  const load = loads.get(account) ?? { account, groups: new Map<string, Usage[]>(), fixed: [] };
  loads.set(account, load);
  const summed = usages.filter((usage) => addsUp(usage));
  if (group === undefined) load.fixed.push(...summed);
  else load.groups.set(group, [...(load.groups.get(group) ?? []), ...summed]);
}
