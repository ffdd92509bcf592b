import {
  type Cidr,
  cidrContains,
  cidrsOverlap,
  formatCidr,
  freeRanges,
  overlappingEntries,
  parseCidr,
  parseCidrs,
} from '../cidr';
import type { FleetConfig, FleetLock } from '../config/types';
import { compareText, sortedRecord } from '../order';
import type { TopologyFinding, TopologyFindingCode } from './finding-codes';
import { type LockChange, lockChange, LOCK_FILE } from './lock-change';
import { type LockOptions, planPins } from './lock-pins';
import { stampId } from './names';
import { memberCodes } from './placement';
import { LONGEST_STAMP_PREFIX, SHORTEST_STAMP_PREFIX } from './subnets';

export type { LockChange, LockChangeKind } from './lock-change';
export type { LockOptions } from './lock-pins';

export interface LockPlan {
  /** What the lock file should say. Not worth writing while a finding is an error. */
  readonly lock: FleetLock;
  /** In the order they were decided; empty when the lock is up to date. */
  readonly changes: readonly LockChange[];
  readonly findings: readonly TopologyFinding[];
}

/**
 * Brings the lock in line with the configuration without ever moving what it holds.
 *
 * - A stamp without a range takes the lowest free aligned /stampPrefix of the pool that overlaps no allocation, no tombstone
 *   and no reserved range; new stamps choose in the order of their ids.
 * - A stamp that is gone leaves a tombstone, and finds its own range again when it returns.
 * - Only `release` frees a tombstone, and only `rehome` changes a home Region, which is recorded with its reason. Region codes
 *   and the Regions of the control table are pinned for good.
 *
 * @param lock the lock of today; `undefined` when there is none yet
 */
export function planLock(config: FleetConfig, lock: FleetLock | undefined, options: LockOptions = {}): LockPlan {
  const changes: LockChange[] = [];
  const findings: TopologyFinding[] = [];
  const ids = config.groups
    .flatMap((group) => memberCodes(group.placement).map((code) => stampId(group.group, code)))
    .sort(compareText);
  const addresses = new Map(Object.entries(lock?.addresses ?? {}));
  const tombstones = new Map(Object.entries(lock?.tombstones ?? {}));

  findings.push(...checkTwice(addresses, tombstones));
  moveBetween(new Set(ids), addresses, tombstones, changes);
  release(options.release ?? [], new Set(ids), tombstones, changes, findings);
  findings.push(...checkRanges(config, addresses, tombstones));
  allocate(config, ids, addresses, tombstones, changes, findings);

  const pins = planPins(config, lock, [...addresses.keys(), ...tombstones.keys()], options);
  return {
    lock: {
      lockVersion: 1,
      fleet: lock?.fleet ?? config.fleet,
      regions: pins.regions,
      addresses: sortedRecord(addresses),
      tombstones: sortedRecord(tombstones),
      homeRegions: pins.homeRegions,
      controlTable: pins.controlTable,
      ...(pins.rehomed.length > 0 && { rehomed: pins.rehomed }),
    },
    changes: [...changes, ...pins.changes],
    findings: [...findings, ...pins.findings],
  };
}

function checkTwice(addresses: ReadonlyMap<string, string>, tombstones: ReadonlyMap<string, string>): TopologyFinding[] {
  const twice = [...addresses.keys()].filter((id) => tombstones.has(id)).sort(compareText);
  return twice.map((id) => lockFinding('lock-entry-twice', 'error', 'addresses', id, 'has both an address and a tombstone'));
}

/** Buries the ranges of stamps that are gone and gives returning stamps their own back. */
function moveBetween(
  wanted: ReadonlySet<string>,
  addresses: Map<string, string>,
  tombstones: Map<string, string>,
  changes: LockChange[],
): void {
  for (const [id, range] of [...addresses].sort(([a], [b]) => compareText(a, b))) {
    if (wanted.has(id)) continue;
    addresses.delete(id);
    tombstones.set(id, range);
    changes.push(lockChange('address-retired', id, `${id} is gone: ${range} stays set aside until it is released`));
  }
  for (const id of wanted) {
    const range = tombstones.get(id);
    if (range === undefined || addresses.has(id)) continue;
    tombstones.delete(id);
    addresses.set(id, range);
    changes.push(lockChange('address-returned', id, `${id} is back and takes its own range ${range} again`));
  }
}

function release(
  ids: readonly string[],
  wanted: ReadonlySet<string>,
  tombstones: Map<string, string>,
  changes: LockChange[],
  findings: TopologyFinding[],
): void {
  for (const id of new Set(ids)) {
    const range = tombstones.get(id);
    if (wanted.has(id)) {
      findings.push({
        code: 'release-of-living-stamp',
        severity: 'error',
        where: { file: LOCK_FILE, path: ['addresses', id] },
        message: `${id} cannot be released: the stamp still exists in the configuration`,
        fix: `Remove the stamp from its group's placement and destroy its stack first`,
      });
    } else if (range === undefined) {
      findings.push({
        code: 'release-of-unknown-tombstone',
        severity: 'error',
        where: { file: LOCK_FILE, path: ['tombstones'] },
        message: `${id} cannot be released: the lock has no tombstone of that name`,
        fix: tombstones.size === 0 ? 'There are no tombstones' : `Tombstones: ${[...tombstones.keys()].sort().join(', ')}`,
      });
    } else {
      tombstones.delete(id);
      changes.push(lockChange('address-released', id, `${range} of ${id} may be handed out again`));
    }
  }
}

interface HeldRange {
  readonly id: string;
  readonly held: 'addresses' | 'tombstones';
  readonly text: string;
  readonly range: Cidr;
}

/** What is odd about the ranges that the lock holds already. */
function checkRanges(
  config: FleetConfig,
  addresses: ReadonlyMap<string, string>,
  tombstones: ReadonlyMap<string, string>,
): TopologyFinding[] {
  const findings: TopologyFinding[] = [];
  const held: HeldRange[] = [];
  for (const [kind, entries] of [['addresses', addresses] as const, ['tombstones', tombstones] as const]) {
    for (const [id, text] of entries) {
      const range = parseCidr(text);
      if (range !== undefined) held.push({ id, held: kind, text, range });
      else findings.push(lockFinding('lock-range-invalid', 'error', kind, id, `${JSON.stringify(text)} is not an aligned CIDR`));
    }
  }
  held.sort((a, b) => a.range.base - b.range.base || compareText(a.id, b.id));
  const reserved = parseCidrs(config.network.reserved);
  const pool = parseCidr(config.network.pool);
  for (const { entry, other } of overlappingEntries(held)) {
    const text = `${entry.text} overlaps ${other.text} of ${other.id}`;
    findings.push(lockFinding('lock-ranges-overlap', 'error', entry.held, entry.id, text));
  }
  for (const entry of held) {
    if (entry.held === 'tombstones') continue;
    const other = reserved.find((range) => cidrsOverlap(range, entry.range));
    if (other !== undefined) {
      const text = `${entry.text} was allocated before ${formatCidr(other)} was reserved, and stays where it is`;
      findings.push(lockFinding('allocation-overlaps-reserved', 'warning', entry.held, entry.id, text));
    } else if (pool !== undefined && !cidrContains(pool, entry.range)) {
      const text = `${entry.text} lies outside today's pool ${config.network.pool}, and stays where it is`;
      findings.push(lockFinding('allocation-outside-pool', 'info', entry.held, entry.id, text));
    }
  }
  return findings;
}

const LOCK_FIXES = {
  'lock-entry-twice': 'Restore fleet.lock.yaml from version control: it is written by `stampkit lock` only',
  'lock-range-invalid': 'Restore fleet.lock.yaml from version control: it is written by `stampkit lock` only',
  'lock-ranges-overlap': 'Restore fleet.lock.yaml from version control: it is written by `stampkit lock` only',
  'allocation-overlaps-reserved': 'Reserve ranges that no stamp uses, or move the stamp by removing and releasing it',
  'allocation-outside-pool': 'Nothing to do: only new stamps take ranges from the pool',
} as const;

function lockFinding(
  code: keyof typeof LOCK_FIXES,
  severity: TopologyFinding['severity'],
  kind: 'addresses' | 'tombstones',
  id: string,
  what: string,
): TopologyFinding {
  return {
    code,
    severity,
    where: { file: LOCK_FILE, path: [kind, id] },
    message: `${kind === 'addresses' ? '' : 'tombstone of '}${id}: ${what}`,
    fix: LOCK_FIXES[code],
  };
}

function allocate(
  config: FleetConfig,
  ids: readonly string[],
  addresses: Map<string, string>,
  tombstones: ReadonlyMap<string, string>,
  changes: LockChange[],
  findings: TopologyFinding[],
): void {
  const wanting = ids.filter((id) => !addresses.has(id));
  const { pool: poolText, stampPrefix } = config.network;
  const pool = parseCidr(poolText);
  const problem = networkProblem(pool, poolText, stampPrefix);
  if (problem !== undefined) {
    findings.push(problem);
    return;
  }
  if (pool === undefined || wanting.length === 0) return;
  const taken = parseCidrs([...addresses.values(), ...tombstones.values(), ...config.network.reserved]);
  const free = freeRanges(pool, stampPrefix, taken);
  const left: string[] = [];
  for (const id of wanting) {
    const range = free.next().value;
    if (range === undefined) {
      left.push(id);
      continue;
    }
    addresses.set(id, formatCidr(range));
    changes.push(lockChange('address-allocated', id, `${id} takes ${formatCidr(range)}`));
  }
  if (left.length === 0) return;
  const shown = left.slice(0, 5).join(', ') + (left.length > 5 ? ` and ${left.length - 5} more` : '');
  findings.push({
    code: 'pool-exhausted',
    severity: 'error',
    where: { file: 'fleet.yaml', path: ['network', 'pool'] },
    message: `no free /${stampPrefix} is left in ${poolText} for ${shown}`,
    fix: `Widen network.pool, raise network.stampPrefix (at most ${LONGEST_STAMP_PREFIX}; allocated ranges stay), or release tombstones with \`stampkit lock --release STAMP\` (${tombstones.size} held)`,
  });
}

function networkProblem(pool: Cidr | undefined, poolText: string, stampPrefix: number): TopologyFinding | undefined {
  const finding = (code: TopologyFindingCode, key: 'pool' | 'stampPrefix', message: string, fix: string): TopologyFinding => ({
    code,
    severity: 'error',
    where: { file: 'fleet.yaml', path: ['network', key] },
    message,
    fix,
  });
  if (pool === undefined) {
    const message = `network.pool ${JSON.stringify(poolText)} is not an aligned IPv4 CIDR`;
    return finding('pool-invalid', 'pool', message, 'Write the first address of the range, as in 10.0.0.0/8');
  }
  if (!(stampPrefix >= SHORTEST_STAMP_PREFIX && stampPrefix <= LONGEST_STAMP_PREFIX)) {
    const why =
      stampPrefix > LONGEST_STAMP_PREFIX
        ? `leaves /${stampPrefix + 6} for a public subnet, and a load balancer needs /27 with 8 free addresses`
        : 'is larger than the largest VPC';
    const fix = `Choose ${SHORTEST_STAMP_PREFIX} to ${LONGEST_STAMP_PREFIX}; 20 gives every zone 507 private addresses`;
    return finding('stamp-prefix-out-of-range', 'stampPrefix', `network.stampPrefix ${stampPrefix} ${why}`, fix);
  }
  if (stampPrefix < pool.prefix) {
    const message = `network.stampPrefix ${stampPrefix} does not fit into network.pool ${poolText}`;
    return finding('pool-smaller-than-stamp', 'stampPrefix', message, 'Widen the pool or raise the stamp prefix');
  }
  return undefined;
}
