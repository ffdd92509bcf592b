import { describe, expect, test } from 'vitest';
import { stampSpec, templateFloors, viewOf } from '../../lib/operations/group-view';
import { floorDifferences, floorFindings } from '../../lib/operations/safety/floors';
import { FakeAws } from '../fakes/fake-aws';
import { failover, FLEET, Operator } from './support';

describe('floors after a failover', () => {
  const view = viewOf(FLEET, 'enterprise');
  const template = templateFloors(stampSpec(view, 'enterprise-usw2'));

  test('fails a deployment that would lower the floor of the stamp that serves', async () => {
    const jo = new Operator(new FakeAws(FLEET));
    await jo.go(failover());
    const { observation } = await jo.look(failover());
    expect(floorFindings(view, observation, 'enterprise-usw2', template)).toContainEqual(
      expect.objectContaining({ code: 'floor-would-drop', severity: 'error', fix: expect.stringContaining('settle enterprise') }),
    );
    expect(floorDifferences(view, observation).map((each) => each.where.file)).toContain('enterprise-usw2');
    // Who does not serve may get what the template says.
    expect(floorFindings(view, observation, 'enterprise-use1', { web: 1 })).toEqual([]);
  });

  test('has nothing to say before', async () => {
    const { observation } = await new Operator(new FakeAws(FLEET)).look(failover());
    expect(floorFindings(view, observation, 'enterprise-usw2', template)).toEqual([]);
    expect(floorDifferences(view, observation)).toEqual([]);
  });
});
