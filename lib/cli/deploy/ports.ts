import type { StackArtifact } from '../../assembly/read-artifacts';
import type { DeployedStacks } from '../../aws/deployment/deployed-stacks';
import type { DeployStack } from '../../topology/deploy-order';
import type { Fleet } from '../../topology/types';
import type { LoadedFleet } from '../load-fleet';
import type { Terminal } from '../terminal';
import type { SeenGroup } from './floor-guard';

/** What a deployment needs of the world; tests give it fakes. */
export interface DeployPorts {
  readonly terminal: Terminal;
  /** Runs the CDK CLI with these arguments, shows what it prints, and returns its exit code. */
  readonly cdk: (args: readonly string[]) => Promise<number>;
  readonly deployed: DeployedStacks;
  readonly loadFleet: (directory: string) => LoadedFleet;
  /** Folder for the cloud assembly of this run. */
  readonly assemblyFolder: string;
  readonly readArtifacts: (directory: string) => ReadonlyMap<string, StackArtifact>;
  readonly readTemplate: (path: string) => Readonly<Record<string, unknown>>;
  /** Writes an assembly of empty stacks, by which the CDK CLI can remove stacks, also those that the configuration no longer has. */
  readonly writeEmptyStacks: (directory: string, stacks: readonly DeployStack[]) => Promise<void>;
  /** Looks at a group as operations do. */
  readonly observe: (fleet: Fleet, group: string, stacks: readonly StackArtifact[]) => Promise<SeenGroup>;
  /** AWS Regions that the operator calls dead. */
  readonly deadRegions: ReadonlySet<string>;
  /** Asks the operator; absent when nobody can answer. */
  readonly ask?: (question: string) => Promise<string>;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** True once the operator has asked to stop. */
  readonly interrupted: () => boolean;
}
