import { describe, expect, test } from 'vitest';
import { TargetHealth } from '../../../lib/aws/health-probes/target-health';
import { readService } from '../../../lib/health/observation';
import { never } from './never';

describe('the health of targets', () => {
  const probe = (answer: unknown): TargetHealth =>
    new TargetHealth('arn', {
      send: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
    });
  const targets = (...states: (string | undefined)[]) => ({
    TargetHealthDescriptions: states.map((State) => ({ ...(State !== undefined && { TargetHealth: { State } }) })),
  });

  test.each<[string, unknown, boolean, string]>([
    ['all healthy', targets('healthy', 'healthy'), true, '2 of 2 targets healthy'],
    ['one healthy is enough', targets('healthy', 'unhealthy', 'draining', undefined), true, '1 of 4 targets healthy'],
    ['none healthy', targets('unhealthy', 'initial', 'draining'), false, '0 of 3 targets healthy'],
    ['every target gone', targets(), false, '0 of 0 targets healthy'],
  ])('%s', async (_name, answer, serving, detail) => {
    const observed = await probe(answer).observe(never());
    expect(observed).toEqual({ serving, detail });
    expect(readService({ kind: 'answer', answer: observed }).kind).toBe('answer');
  });

  test.each<[string, unknown]>([
    ['an API that fails', new Error('ServiceUnavailable')],
    ['an answer without a list', {}],
  ])('%s says nothing about the targets', async (_name, answer) => {
    await expect(probe(answer).observe(never())).resolves.toHaveProperty('unknown');
  });
});
