import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { StampError } from '../../../lib/errors';
import { Shapes } from '../../../lib/stacks/stamping/shapes';
import type { ShapeOwners } from '../../../lib/stacks/stamping/shape-errors';
import { StampedFleet } from '../../../lib/stacks/stamping/stamped-fleet';
import { leavesOf, tokenizeValues } from '../../../lib/stacks/stamping/value-leaves';
import { builtFleet, fleetConfig, plainGroup, single } from '../../topology/fixtures';

const VALUES = { stamps: { euw1: 'pool-euw1' }, capacity: 3, name: 'pool' };
const OWNERS: ShapeOwners = { values: leavesOf(VALUES), stacks: () => ['shop-pool-euw1', 'shop-b-euw1', 'shop-c-euw1'] };

function thrownBy(run: () => unknown): StampError {
  try {
    run();
  } catch (error) {
    return error as StampError;
  }
  throw new Error('nothing was thrown');
}

/** What becomes of an error that the constructs of a shape throw. */
function whileConstructing(error: (tokens: typeof VALUES, stack: Stack) => Error): StampError {
  return thrownBy(() =>
    new Shapes(new App({ analyticsReporting: false })).shape('key', 'shop-pool-euw1', {}, OWNERS, (scope, id, synthesizer) => {
      throw error(tokenizeValues(VALUES), new Stack(scope, id, { synthesizer }));
    }),
  );
}

describe('an error of the constructs of a shape', () => {
  test('names the values of the first stack, and how many stacks share the shape', () => {
    const error = whileConstructing(
      ({ name, stamps }) =>
        new StampError('STAMP_IS_BAD', `${stamps.euw1} of ${name} and ⟦stamps|euw1⟧ are bad`, `Repair ${name}`),
    );
    expect(error.message).toBe(
      'STAMP_IS_BAD: pool-euw1 of pool and pool-euw1 are bad (in shop-pool-euw1; 3 stacks share its shape). Repair pool',
    );
    expect([error.name, error.code, error.fix]).toEqual(['StampError', 'STAMP_IS_BAD', 'Repair pool']);
  });

  test('shows references that stay open as a template does', () => {
    const { message } = whileConstructing((_tokens, stack) => new StampError('OPEN', `bad in ${stack.partition}`, 'Repair it'));
    expect(message).toBe('OPEN: bad in {"Ref":"AWS::Partition"} (in shop-pool-euw1; 3 stacks share its shape). Repair it');
  });

  test('stays as it is when it is no StampError', () => {
    const error = new TypeError('⟦name⟧ is a bug');
    expect(whileConstructing(() => error)).toBe(error);
  });
});

describe('in a fleet', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e'];

  test.each([
    ['five groups of one shape', NAMES, '(in shop-a-routing; 5 stacks share its shape)'],
    ['one group', ['a'], '(in shop-a-routing)'],
  ])('says whose routing is wrong: %s', (_what, names, where) => {
    const built = builtFleet(fleetConfig({ groups: names.map((name) => plainGroup(name, { placement: single('use1') })) }));
    const groups = built.groups.map((group) => ({ ...group, stamps: [...group.stamps, ...group.stamps] }));
    const make = new StampedFleet(new App({ analyticsReporting: false }), { ...built, groups });
    expect(thrownBy(() => make.routing(groups[0]!)).message).toBe(
      `ROUTING_STAMP_ID: the stamp a-use1 is given twice ${where}. Give each stamp once`,
    );
  });

  test('says whose stamp is wrong, and does not count stamps of another shape', () => {
    const built = builtFleet(
      fleetConfig({
        groups: ['a', 'b', 'c'].map((name) => plainGroup(name, { placement: single(name === 'c' ? 'usw2' : 'use1') })),
      }),
    );
    const groups = built.groups.map((group) => ({
      ...group,
      stamps: group.stamps.map(({ shape, ...stamp }) => {
        const [zone] = shape.availabilityZones;
        return { ...stamp, shape: { ...shape, availabilityZones: shape.availabilityZones.map(() => zone!) } };
      }),
    }));
    const make = new StampedFleet(new App({ analyticsReporting: false }), { ...built, groups });
    expect(thrownBy(() => make.stamp(groups[0]!.stamps[0]!)).message).toMatch(/\(in shop-a-use1; 2 stacks share its shape\)/);
  });
});
