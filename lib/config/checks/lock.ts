import { type Cidr, cidrContains, cidrsOverlap, overlappingEntries, parseCidr } from '../../cidr';
import { entryOf } from '../../entry-of';
import type { Finding } from '../../findings';
import { compareText } from '../../order';
import type { FleetLock } from '../types';
import { type CheckContext, fleetPlace, groupPlace, lockPlace, memberCodes, report } from './context';

const RESTORE = 'Restore fleet.lock.yaml from version control: only `stampkit lock` writes it';
const RUN_LOCK = 'Run `stampkit lock` and commit fleet.lock.yaml';

/** What the lock pins against what the configuration says today. */
export function checkLock(context: CheckContext): Finding[] {
  const { lock } = context;
  if (lock === undefined) {
    const message = 'there is no lock: addresses and home Regions are not pinned yet, so nothing can be synthesized';
    return [report('lock-missing', lockPlace(), message, RUN_LOCK)];
  }
  return [
    ...checkIdentity(context, lock),
    ...checkHomes(context, lock),
    ...checkAllocations(context, lock),
    ...checkRanges(context, lock),
  ];
}

function checkIdentity({ config }: CheckContext, lock: FleetLock): Finding[] {
  const findings: Finding[] = [];
  if (lock.fleet !== config.fleet) {
    const message = `fleet.lock.yaml belongs to fleet "${lock.fleet}", fleet.yaml says "${config.fleet}": every name and stack starts with it`;
    findings.push(
      report(
        'lock-of-another-fleet',
        fleetPlace('fleet'),
        message,
        'Write the old name, or start the new fleet in a folder of its own',
      ),
    );
  }
  for (const { code, region } of config.regions) {
    const pinned = entryOf(lock.regions, code);
    if (pinned === undefined) {
      findings.push(report('lock-outdated', lockPlace('regions'), `Region code ${code} (${region}) is not pinned yet`, RUN_LOCK));
    } else if (pinned !== region) {
      const message = `${code} stands for ${pinned} since it was locked, and cannot be pointed at ${region}: its stamps would move`;
      const fix = `Write ${pinned} again, and give ${region} a code of its own`;
      findings.push(report('region-code-repointed', fleetPlace('regions', code, 'region'), message, fix));
    }
  }
  return findings;
}

function checkHomes({ config }: CheckContext, lock: FleetLock): Finding[] {
  return config.groups.flatMap((group) => {
    const home = entryOf(lock.homeRegions, group.group);
    const members = memberCodes(group.placement);
    if (home === undefined) {
      return [report('lock-outdated', lockPlace('homeRegions'), `group ${group.group} has no home Region yet`, RUN_LOCK)];
    }
    if (members.includes(home)) return [];
    const message = `data of ${group.group} was born in ${home}, which is none of its Regions any more (${members.join(', ')})`;
    const fix = `Put ${home} back, or move the data first and then run \`stampkit lock --rehome ${group.group} --reason ...\``;
    return [report('home-region-left', groupPlace(group, 'placement'), message, fix)];
  });
}

function checkAllocations({ config }: CheckContext, lock: FleetLock): Finding[] {
  const stamps = new Set(config.groups.flatMap((group) => memberCodes(group.placement).map((code) => `${group.group}-${code}`)));
  const missing = [...stamps]
    .filter((id) => entryOf(lock.addresses, id) === undefined)
    .map((id) => report('lock-outdated', lockPlace('addresses'), `stamp ${id} has no address yet`, RUN_LOCK));
  const gone = Object.keys(lock.addresses)
    .filter((id) => !stamps.has(id))
    .map((id) => {
      const message = `stamp ${id} is not in the configuration any more; its address has to be set aside`;
      return report('lock-outdated', lockPlace('addresses', id), message, RUN_LOCK);
    });
  const twice = Object.keys(lock.addresses)
    .filter((id) => entryOf(lock.tombstones, id) !== undefined)
    .map((id) => report('lock-entry-twice', lockPlace('addresses', id), `${id} has both an address and a tombstone`, RESTORE));
  return [...missing, ...gone, ...twice];
}

interface HeldRange {
  readonly id: string;
  readonly kind: 'addresses' | 'tombstones';
  readonly text: string;
  readonly range: Cidr;
}

function checkRanges({ config }: CheckContext, lock: FleetLock): Finding[] {
  const findings: Finding[] = [];
  const held: HeldRange[] = [];
  for (const kind of ['addresses', 'tombstones'] as const) {
    for (const [id, text] of Object.entries(lock[kind])) {
      // Said once already: the second entry of one stamp would only overlap the first.
      if (kind === 'tombstones' && entryOf(lock.addresses, id) !== undefined) continue;
      const range = parseCidr(text);
      if (range !== undefined) held.push({ id, kind, text, range });
      else
        findings.push(report('lock-range-invalid', lockPlace(kind, id), `"${text}" of ${id} is no aligned IPv4 range`, RESTORE));
    }
  }
  held.sort((a, b) => a.range.base - b.range.base || compareText(a.id, b.id));
  for (const { entry, other } of overlappingEntries(held)) {
    const message = `${entry.text} of ${entry.id} overlaps ${other.text} of ${other.id}: they could never be connected`;
    findings.push(report('lock-ranges-overlap', lockPlace(entry.kind, entry.id), message, RESTORE));
  }
  const reserved = config.network.reserved.flatMap((text) => ({ text, range: parseCidr(text) }));
  const pool = parseCidr(config.network.pool);
  for (const { id, text, range, kind } of held) {
    if (kind === 'tombstones') continue;
    const owner = reserved.find((entry) => entry.range !== undefined && cidrsOverlap(entry.range, range));
    if (owner !== undefined) {
      const message = `${text} of ${id} lies in ${owner.text}, which was reserved after it was allocated; it stays where it is`;
      const fix = 'Reserve ranges that no stamp uses, or move the stamp by removing and releasing it';
      findings.push(report('allocation-overlaps-reserved', lockPlace('addresses', id), message, fix));
    } else if (pool !== undefined && !cidrContains(pool, range)) {
      const message = `${text} of ${id} lies outside today's pool ${config.network.pool}; it stays where it is`;
      findings.push(
        report(
          'allocation-outside-pool',
          lockPlace('addresses', id),
          message,
          'Nothing: only new stamps take ranges from the pool',
        ),
      );
    }
  }
  return findings;
}
