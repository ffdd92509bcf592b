import { describe, expect, test } from 'vitest';
import { parseDrill } from '../../../lib/config/drill/read-drill';
import { againstFleet } from '../../../lib/config/drill/load-drills';
import { DRILL_FINDING_CODES, type DrillFindingCode } from '../../../lib/config/drill/finding-codes';
import { edit, load, placesOf } from '../stamps-folder';
import { DRILL } from './drill-file';

const file = 'drills/demo.yaml';
const { config } = load();

function placesIn(text: string, name = file): string[] {
  const drill = parseDrill(text, name);
  return placesOf([...drill.findings, ...againstFleet(drill, config)]).filter((place) => !place.includes('not-allowed'));
}

describe('a drill file', () => {
  test('that is right has no findings, and its defaults', () => {
    expect(placesIn(DRILL)).toEqual([]);
    const { spec } = parseDrill(DRILL, file);
    expect(spec).toMatchObject({
      targets: ['lab', 'aws'],
      steadyState: { success: 99, hold: 10, within: 120 },
      expect: { rto: 300, objective: 'availability', consecutive: 5, oneWriter: true, messages: true, stays: false },
      load: { reads: 30, messages: 10, keepConnections: true, seed: 1 },
      timeout: 3600,
    });
    expect(spec?.method[0]).toMatchObject({ fault: { kind: 'region-loss', mode: 'kill' }, delay: 0, timeout: 900 });
    expect(spec?.expect.rpo).toBeUndefined();
  });

  test.each([
    ['an unknown key at the top', 'group: web', 'groop: web', ['4:1 unknown-key', '1:1 missing-key']],
    ['an unknown kind of fault', 'region-loss', 'region-lost', ['10:20 unknown-option']],
    ['a key of another fault', 'region: use1 }', 'region: use1, zone: a }', ['10:47 unknown-key']],
    ['an operation without its target', ', to: usw2', '', ['13:16 missing-key']],
    ['a condition that does not exist', 'is: failing', 'is: fallen', ['12:17 unknown-option']],
    ['a duration without a unit', 'rto: 5m', 'rto: 300', ['14:16 invalid-duration']],
    ['a step that does nothing', '    fault: { kind: region-loss, region: use1 }\n', '', ['9:5 missing-key']],
    [
      'a step that does two things',
      '    fault: { kind: region-loss, region: use1 }',
      '    fault: { kind: region-loss, region: use1 }\n    wait: 5s',
      ['11:11 conflicting-keys'],
    ],
    ['an outcome of a fault', 'region: use1 }', 'region: use1 }\n    outcome: refused', ['11:14 not-applicable']],
    [
      'a finding of an operation that is not refused',
      'allowDataLoss: true }',
      'allowDataLoss: true }\n    finding: lag-above-rpo',
      ['14:14 not-applicable'],
    ],
    ['another version', 'schemaVersion: 1', 'schemaVersion: 2', ['1:16 unsupported-version']],
    ['no step at all', DRILL.slice(DRILL.indexOf('method:'), DRILL.indexOf('expect:')), 'method: []\n', ['8:9 too-few']],
  ])('fails with %s at its place', (_name, from, to, expected) => {
    const text = edit(DRILL, from, to);
    expect(placesIn(text).map((place) => place.replace(`${file}:`, ''))).toEqual(expect.arrayContaining(expected));
    expect(parseDrill(text, file).spec).toBeUndefined();
  });

  test('with broken YAML is a finding, never an error', () => {
    expect(placesIn('drill: [')).toEqual([expect.stringContaining('yaml-syntax')]);
    expect(placesIn('')).toEqual([expect.stringContaining('yaml-empty')]);
  });
});

/** An example of every code: one that nothing produces does not compile or fails. */
const EXAMPLES: Readonly<Record<DrillFindingCode, { readonly at: string; readonly from: string; readonly to: string }>> = {
  'drill-file-name': { at: '2:8', from: 'drill: demo', to: 'drill: other' },
  'drill-group-unknown': { at: '4:8', from: 'group: web', to: 'group: wob' },
  'drill-region-unknown': { at: '13:36', from: 'to: usw2', to: 'to: use2' },
  'drill-stamp-unknown': { at: '18:37', from: 'web-use1', to: 'web-use2' },
  'drill-zone-unknown': { at: '10:52', from: 'region-loss, region: use1', to: 'az-loss, stamp: web-use1, zone: d' },
  'drill-step-duplicate': { at: '11:9', from: 'id: failover', to: 'id: lose' },
  'drill-step-unknown': { at: '17:13', from: 'undoes: failover', to: 'undoes: failback' },
  'drill-step-kind': { at: '18:10', from: 'operation: { do: return, stamp: web-use1 }', to: 'end: failover' },
  'drill-population-unknown': { at: '12:38', from: 'population: new-york', to: 'population: paris' },
  'drill-population-duplicate': {
    at: '8:15',
    from: '\nmethod:',
    to: '\n    - { name: new-york, near: use1, rate: 10 }\nmethod:',
  },
  'drill-load-shares': { at: '6:10', from: 'load:\n', to: 'load:\n  reads: 95%\n' },
  'drill-not-allowed': { at: '1:1', from: 'group: web', to: 'group: web' },
  'drill-fault-stays': { at: '10:12', from: 'kind: region-loss, region: use1', to: 'kind: data-damage, mode: delete' },
};

describe('every code of a drill', () => {
  test.each(Object.entries(EXAMPLES))('%s is reported at its place', (code, { at, from, to }) => {
    const drill = parseDrill(edit(DRILL, from, to), file);
    const places = placesOf([...drill.findings, ...againstFleet(drill, config)]);
    expect(places).toContain(`${file}:${at} ${code}`);
  });

  test('has a meaning of one line', () => {
    for (const meaning of Object.values(DRILL_FINDING_CODES)) expect(meaning).toMatch(/^[^\n]{10,120}$/);
  });
});
