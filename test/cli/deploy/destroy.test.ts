import { beforeEach, describe, expect, test } from 'vitest';
import { deploy } from '../../../lib/cli/deploy/deploy';
import type { DeployOptions } from '../../../lib/cli/deploy/options';
import { builtFleet } from '../../topology/fixtures';
import { deployPhases } from '../../../lib/topology/deploy-order';
import { DEFAULTS, FakeAccount } from './fake-ports';

let account: FakeAccount;
const run = (options: Partial<DeployOptions>): Promise<number> =>
  deploy({ ...DEFAULTS, destroy: true, ...options }, account.ports());
const fleetStacks = deployPhases(builtFleet())
  .flatMap((phase) => phase.stacks)
  .map(({ stackName }) => stackName);

beforeEach(() => {
  account = new FakeAccount();
  for (const name of fleetStacks) account.deployed(name);
});

describe('removing', () => {
  const ENTERPRISE = ['shop-enterprise-routing', 'shop-enterprise-usw2', 'shop-enterprise-use1', 'shop-enterprise-data'];

  test('goes in the reverse order, and leaves the control plane and the other groups', async () => {
    expect(await run({ groups: ['enterprise'], confirm: ENTERPRISE })).toBe(0);
    expect(account.calls).toEqual(ENTERPRISE.map((name) => `destroy ${name}`));
    expect([...account.stacks.keys()].sort()).toEqual(fleetStacks.filter((name) => !ENTERPRISE.includes(name)).sort());
  });

  test('fails without the name of each stack when nobody can be asked', async () => {
    expect(await run({ groups: ['enterprise'], confirm: ENTERPRISE.slice(1) })).toBe(3);
    expect(account.err).toContain('--confirm shop-enterprise-routing');
    expect(account.calls).toEqual([]);
  });

  test('asks for each name, and takes nothing but the exact one', async () => {
    account.answers = [...ENTERPRISE.slice(0, 3), 'yes'];
    expect(await run({ groups: ['enterprise'] })).toBe(3);
    expect(account.calls).toEqual([]);
    account.answers = [...ENTERPRISE];
    expect(await run({ groups: ['enterprise'] })).toBe(0);
    expect(account.calls).toHaveLength(4);
  });

  test('fails for a stamp that the deployed records still lead to', async () => {
    account.deployed('shop-enterprise-routing', { AliasTarget: { DNSName: 'usw2.enterprise.shop.example.com' } });
    expect(await run({ stamp: ['enterprise-usw2'], confirm: ['shop-enterprise-usw2'] })).toBe(3);
    expect(account.err).toContain('still lead to it');
    expect(account.calls).toEqual([]);
  });

  test('takes a stamp that stamps/ no longer has, by its id', async () => {
    account.deployed('shop-enterprise-euw1');
    account.deployed('shop-enterprise-routing', { AliasTarget: { DNSName: 'usw2.enterprise.shop.example.com' } });
    expect(await run({ stamp: ['enterprise-euw1'], confirm: ['shop-enterprise-euw1'] })).toBe(0);
    expect(account.calls).toEqual(['destroy shop-enterprise-euw1']);
  });

  test('fails for an id that no Region explains', async () => {
    await expect(run({ stamp: ['enterprise-nowhere'] })).rejects.toThrow(/STAMP_UNKNOWN/);
  });

  test('fails when termination protection keeps a stack, and goes no further', async () => {
    account.protectedStacks.add('shop-enterprise-usw2');
    expect(await run({ groups: ['enterprise'], confirm: ENTERPRISE })).toBe(1);
    expect(account.err).toContain('guards.terminationProtection');
    expect(account.calls.at(-1)).toBe('destroy shop-enterprise-usw2');
  });

  test('skips what is not there, and has nothing to do when nothing is', async () => {
    account.stacks.delete('shop-enterprise-routing');
    expect(await run({ groups: ['enterprise'], confirm: ENTERPRISE })).toBe(0);
    expect(account.calls).toHaveLength(3);
    expect(await run({ groups: ['enterprise'] })).toBe(0);
    expect(account.err).toContain('nothing to remove');
  });

  test('a dry run asks nothing and prints the order', async () => {
    expect(await run({ groups: ['enterprise'], dryRun: true })).toBe(0);
    expect(account.out).toMatch(/1 +routing +shop-enterprise-routing/);
    expect(account.calls).toEqual([]);
  });
});
