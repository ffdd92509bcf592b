import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArtifacts } from '../../assembly/read-artifacts';
import { type AssemblyStack, readAssembly } from '../../assembly/read-assembly';
import type { FleetConfig } from '../../config/types';
import { type Finding, hasErrors } from '../../findings';
import type { AccountPlace } from '../../ports';
import type { Fleet } from '../../topology/types';
import { loadFleet } from '../load-fleet';

/** What preflight judges. */
export interface LoadedStacks {
  readonly stacks: readonly AssemblyStack[];
  /** Accounts and Regions of the stacks, sorted, each once. */
  readonly places: readonly AccountPlace[];
  readonly fleet?: Fleet;
  readonly config?: FleetConfig;
}

/** Stacks of a fleet; or, when its configuration has errors, those. */
export type LoadStacksResult = LoadedStacks | { readonly findings: readonly Finding[] };

/**
 * Reads a cloud assembly, or synthesizes `stamps/` as it is now: old output in cdk.out is never taken for it. With an assembly of one's own,
 * `stamps/` is read only if it is there, for the groups and quotas it names.
 *
 * @throws StampError for a folder that cannot be read
 */
export async function loadStacks(stamps: string, assembly: string | undefined): Promise<LoadStacksResult> {
  if (assembly !== undefined) return { ...readStacks(assembly), ...(existsSync(stamps) ? withoutErrors(stamps) : {}) };
  const { findings, fleet, config } = loadFleet(stamps);
  if (fleet === undefined) return { findings };
  const directory = mkdtempSync(join(tmpdir(), 'stampkit-'));
  try {
    // Loading the CDK takes a second that other commands do not pay.
    const { synthesizeFleet } = await import('../../stacks/fleet-app.js');
    return { ...readStacks(synthesizeFleet(fleet, directory)), fleet, ...(config && { config }) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function withoutErrors(stamps: string): Pick<LoadedStacks, 'fleet' | 'config'> {
  const { findings, fleet, config } = loadFleet(stamps);
  return hasErrors(findings) ? {} : { ...(fleet && { fleet }), ...(config && { config }) };
}

function readStacks(directory: string): Pick<LoadedStacks, 'stacks' | 'places'> {
  const { stacks } = readAssembly(directory);
  const roles = new Map([...readArtifacts(directory).values()].map((artifact) => [placeKey(artifact), artifact.lookupRoleArn]));
  const places = [...new Map(stacks.map((stack) => [placeKey(stack), stack])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { account, region }]) => {
      const lookupRoleArn = roles.get(key);
      return { account, region, ...(lookupRoleArn !== undefined && { lookupRoleArn }) };
    });
  return { stacks, places };
}

function placeKey({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account} ${region}`;
}
