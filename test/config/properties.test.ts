import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { decodeText } from '../../lib/config/decode-text';
import { groupSchema } from '../../lib/config/schema/group';
import { judge } from '../../lib/config/schema-findings';
import { editDistance } from '../../lib/config/suggest';
import { yamlSource } from '../../lib/config/yaml-source';
import { FLEET, GROUP, load } from './stamps-folder';

/** Pieces that YAML gives a meaning to, in any order. */
const yamlText = fc
  .array(
    fc.constantFrom(
      'a',
      'group',
      ':',
      ': ',
      '\n',
      '\n  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '"',
      "'",
      '!t ',
      '|',
      '>',
      '#',
      ',',
      '? ',
      '1e9',
      '~',
      '<<',
      '%',
      '---\n',
      '\t',
      '\u{1f600}',
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

/** A valid group with some of its values replaced by anything. */
const mutilated = fc
  .tuple(fc.constantFrom(...[...GROUP.matchAll(/[\w-]+(?=:)/g)].map(([key]) => key)), fc.jsonValue())
  .map(([key, value]) =>
    GROUP.replace(new RegExp(`(\\b${key}:) [^\\n,}]+`), (_whole, start: string) => `${start} ${JSON.stringify(value)}`),
  );

describe('reading never throws', () => {
  test('whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const decoded = decodeText(bytes, 'x.yaml');
        if ('text' in decoded) yamlSource(decoded.text, 'x.yaml');
      }),
      { numRuns: 500 },
    );
  });

  test('whatever the YAML, and there is a source or a finding with a place', () => {
    fc.assert(
      fc.property(fc.oneof(yamlText, fc.string({ unit: 'binary' })), (text) => {
        const { source, findings } = yamlSource(text, 'x.yaml');
        expect(source !== undefined || findings.length > 0).toBe(true);
        for (const { where } of findings) expect(where.line! > 0 && where.column! > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, partial) => {
        for (const finding of judge(groupSchema, value, { partial }).findings) {
          expect(finding.message()).not.toContain('undefined');
          expect(finding.fix()).not.toContain('{written}');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('whatever stands in the files of a folder', () => {
    fc.assert(
      fc.property(mutilated, fc.oneof(fc.constant(FLEET), yamlText), (group, fleet) => {
        const { config, findings } = load({ 'fleet.yaml': fleet, 'groups/web.yaml': group });
        const errors = findings.some((finding) => finding.severity === 'error' && finding.where.file !== 'fleet.lock.yaml');
        expect(config !== undefined || errors).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is valid', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/).filter((word) => !['web', 'control'].includes(word));
  const duration = (min: number, max: number) => fc.integer({ min, max }).map((seconds) => ({ seconds, text: `${seconds}s` }));

  test('means the same however YAML writes it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 5 }),
        duration(600, 86_400),
        fc.integer({ min: 1, max: 100 }),
        fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}$/), fc.string({ unit: 'grapheme' })),
        fc.boolean(),
        (tenants, rto, capacity, environment, flow) => {
          const value = {
            group: 'web',
            tenants,
            objectives: { availability: { rto: rto.text, rpo: '1m' }, recovery: { rto: '12h', rpo: '30h' } },
            placement: { mode: 'active-passive', primary: 'use1', standby: 'usw2', standbyCapacity: `${capacity}%` },
            compute: { image: 'x.example.com/y:1', peakRequestsPerSecond: 10, requestsPerSecondPerTask: 5, environment },
            database: { engine: 'none' },
          };
          const { source } = yamlSource(stringify(value, flow ? { collectionStyle: 'flow' } : {}), 'groups/web.yaml');
          const group = judge(groupSchema, source!.value).data!;
          expect(group.tenants).toEqual(tenants);
          expect(group.objectives.availability.rto).toBe(rto.seconds);
          expect(group.placement).toMatchObject({ standbyCapacity: capacity });
          expect(Object.entries(group.compute.environment)).toEqual(Object.entries(environment));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('the distance of words is symmetric, and zero for equal ones only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
