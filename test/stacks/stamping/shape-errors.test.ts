import { App, CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { StampError } from '../../../lib/errors';
import { addFleetStacks, synthesizeApp } from '../../../lib/stacks/fleet-app';
import { stampedStacksOf } from '../../../lib/stacks/stamping/concerned-stacks';
import { textToken } from '../../../lib/stacks/stamping/tokens';
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

  test('is still the same one when others throw it, with the values in its message and its stack', () => {
    const error = whileConstructing(
      ({ name, capacity }) => new TypeError(`${name} and ⟦name⟧ with ${capacity}:\nno ${capacity}`),
    );
    expect(error).toBeInstanceOf(TypeError);
    const where = '(in shop-pool-euw1; 3 stacks share its shape)';
    expect(error.message).toBe(`pool and pool with 3: ${where}\nno 3 ${where}`);
    expect(error.stack).toContain('pool and pool with 3');
    expect(error.stack).not.toMatch(/[⟦⟧]|Token\[/);
  });

  test('stays as it is when it holds nothing of the shape', () => {
    const error = new TypeError('x is not a function');
    expect(whileConstructing(() => error)).toBe(error);
    expect(error.message).toBe('x is not a function');
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

  describe('and is noticed while the app is synthesized', () => {
    /** What synthesis throws when something is added to the shape of three groups. */
    function whileSynthesizing(add: (shape: Stack, app: App) => void): Error {
      const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false, autoSynth: false });
      const groups = ['a', 'b', 'c'].map((name) => plainGroup(name, { placement: single('use1') }));
      addFleetStacks(app, builtFleet(fleetConfig({ groups })));
      const shape = stampedStacksOf(app).find(({ stackName }) => stackName === 'shop-a-use1')!.shape.stack;
      add(shape, app);
      return thrownBy(() => synthesizeApp(app));
    }

    test('a construct that is not valid is named by its first stack', () => {
      const { message } = whileSynthesizing((shape) => {
        const construct = new Construct(shape, 'Odd');
        construct.node.addValidation({ validate: () => [`${textToken('names|queue')} of ⟦vpcCidr⟧ is odd`] });
      });
      expect(message).toContain(
        '[shop-a-use1/Odd] shop-a-use1-work of 10.0.0.0/20 is odd (in shop-a-use1; 3 stacks share its shape)',
      );
      expect(message).not.toMatch(/[⟦⟧⟪⟫]|Token\[|Shapes/);
    });

    test('an error of a token names the values', () => {
      const { message } = whileSynthesizing((shape) => {
        const failing = Lazy.string({
          produce: () => {
            throw new Error('⟦names|queue⟧ cannot be told');
          },
        });
        new CfnResource(shape, 'Odd', { type: 'AWS::SNS::Topic', properties: { TopicName: failing } });
      });
      expect(message).toMatch(/shop-a-use1-work cannot be told.* \(in shop-a-use1; 3 stacks share its shape\)/);
      expect(message).not.toMatch(/[⟦⟧⟪⟫]|Shapes/);
    });

    test('a construct outside of shapes is left alone', () => {
      const { message } = whileSynthesizing((_shape, app) => {
        new Construct(app, 'Own').node.addValidation({ validate: () => ['own fault'] });
      });
      expect(
        message
          .split('\n')
          .filter((line) => line.includes('own fault'))
          .map((line) => line.trim()),
      ).toEqual(['[Own] own fault']);
    });
  });
});
