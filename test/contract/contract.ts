import { afterAll, describe, expect, test } from 'vitest';
import { backups } from './behaviours/backups';
import { capacity } from './behaviours/capacity';
import { control } from './behaviours/control';
import { databases } from './behaviours/databases';
import { tables } from './behaviours/tables';
import type { Behaviour, Need, Scene, TargetName } from './scene';

/** What every port has to do, wherever it leads. */
export const BEHAVIOURS: readonly Behaviour[] = [...databases, ...tables, ...capacity, ...backups, ...control];

export interface Target {
  readonly name: TargetName;
  readonly make: () => Promise<Scene>;
  /** What the world of this target cannot be told to do, and why. */
  readonly lacks?: Readonly<Partial<Record<Need, string>>>;
  /** Behaviours that it cannot show for another reason, by `port: name`. */
  readonly cannot?: Readonly<Record<string, string>>;
}

interface Row {
  readonly behaviour: Behaviour;
  readonly outcome: string;
}

/** Why a target does not show a behaviour; undefined when it does. */
export function reasonAgainst({ lacks = {}, cannot = {} }: Target, { port, name, needs = [] }: Behaviour): string | undefined {
  return cannot[`${port}: ${name}`] ?? needs.map((need) => lacks[need]).find((reason) => reason !== undefined);
}

/** Runs every behaviour that a target can show as a test of its own, and prints at the end what ran and what did not, and why. */
export function describeContract(target: Target): void {
  const rows: Row[] = [];
  describe(`the contract of the ports over ${target.name}`, () => {
    test('what it cannot show are behaviours that there are', () => {
      const names = BEHAVIOURS.map(({ port, name }) => `${port}: ${name}`);
      expect(Object.keys(target.cannot ?? {}).filter((name) => !names.includes(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    });
    for (const behaviour of BEHAVIOURS) {
      const reason = reasonAgainst(target, behaviour);
      if (reason !== undefined) {
        rows.push({ behaviour, outcome: `not here: ${reason}` });
        continue;
      }
      test(`${behaviour.port}: ${behaviour.name}`, async () => {
        const row = { behaviour, outcome: 'FAILED' };
        rows.push(row);
        const scene = await target.make();
        try {
          await behaviour.run(scene);
          row.outcome = 'ran';
        } finally {
          await scene.close();
        }
      });
    }
    afterAll(() => {
      process.stdout.write(`${tableOf(target, rows)}\n`);
    });
  });
}

function tableOf({ name }: Target, rows: readonly Row[]): string {
  const lines = rows.map(({ behaviour, outcome }) => `  ${behaviour.port.padEnd(12)} ${outcome.padEnd(8)} ${behaviour.name}`);
  const ran = rows.filter(({ outcome }) => outcome === 'ran').length;
  return [`contract over ${name}: ${ran} of ${rows.length} behaviours ran`, ...lines].join('\n');
}
