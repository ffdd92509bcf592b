import { describe, expect, test } from 'vitest';
import type { ParsedFleet } from '../../lib/assembly/parsed-fleet';
import type { Finding } from '../../lib/findings';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { prove } from '../../lib/resilience/prove';
import { exampleFleet } from '../support/loaded-fleets';
import { exampleAssembly, factsOf } from '../support/mutate-assembly';
import { once } from '../support/once';

/** The areas that each stamp of the pool is asked from; the first one answers everybody else. */
const AREAS: Readonly<Record<string, { readonly CountryCode?: string; readonly ContinentCode?: string }>> = {
  'us-east-1': { CountryCode: '*' },
  'us-west-2': { CountryCode: 'US' },
  'eu-west-1': { ContinentCode: 'EU' },
};

/** The example's facts with the pool's latency records as geolocation records. */
function byArea(): ParsedFleet {
  const facts = factsOf(exampleAssembly());
  const records = facts.records.map((record) => {
    const { Region: region, ...rest } = record;
    const area = region === undefined ? undefined : AREAS[region];
    return area === undefined ? record : { ...rest, GeoLocation: area };
  });
  return { ...facts, records };
}

const findings = once((): readonly Finding[] =>
  prove(byArea(), fleetDemand(exampleFleet().fleet), { singlesOnly: true }).findings.filter(
    ({ where }) => where.file === 'groups/pool.yaml',
  ),
);
const named = (code: string): readonly Finding[] => findings().filter((finding) => finding.code === code);

describe('a group that answers by area', { timeout: 60_000 }, () => {
  test('clients of no other area lose everything with the default stamp, and latency routing would repair it', () => {
    const violations = named('availability-violated');
    expect(violations.map(({ message }) => message.split(':', 2).join(':'))).toEqual([
      'database:pool-use1',
      'region:use1',
      'stamp:pool-use1',
    ]);
    for (const { message, fix } of violations) {
      expect(message).toContain('rto no bound, promised 600 s (clients of no other area)');
      expect(fix).toMatch(/^routing: \{ policy: latency \}, so that every client has other records to go to: \d+ s; or accept/);
    }
  });

  test('that the default stamp cannot be evacuated is a warning: a choice, with nothing to restore', () => {
    const found = named('evacuation-impossible');
    expect(found.length).toBeGreaterThan(0);
    for (const { severity, message, fix } of found) {
      expect(severity).toBe('warning');
      expect(message).toMatch(/^a switch thrown in us-\w+-2 alone does not take pool-use1 out of service: no other record/);
      expect(fix).toMatch(/^Know it: the stamp of the default area/);
    }
  });

  test('that Route 53 falls open there is said of the area, not of a primary', () => {
    const [found, ...others] = named('fail-open-unfit');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: 'warning', where: { path: ['placement', 'routing', 'areas'] } });
    expect(found?.message).toMatch(/^where no other record matches a client’s area, Route 53 answers its stamp healthy or not/);
    expect(found?.message).toContain('such as clients of no other area, who are sent to pool-use1, which is dead');
    expect(found?.fix).not.toMatch(/primary|failback/);
  });
});
