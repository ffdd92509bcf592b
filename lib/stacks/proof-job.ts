import { readFleet } from '../assembly/parse-fleet';
import type { Finding } from '../findings';
import type { FleetDemand } from '../resilience/demand';
import { prove } from '../resilience/prove';
import { knownTemplates, type WrittenShape } from './stamping/written-templates';

/** What the proof at synth needs: plain data, so that another thread can do it. */
export interface ProofJob {
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  readonly demand: FleetDemand;
  /** Templates that need not be read from their files. */
  readonly shapes: readonly WrittenShape[];
}

/**
 * What fails synth: the errors among the findings of the proof. Pairs never fail it unless they are promised or their backups are; the command
 * `verify` shows the rest.
 *
 * @throws StampError ASSEMBLY_MISSING, ASSEMBLY_INVALID
 */
export function proofErrors({ assembly, demand, shapes }: ProofJob): Finding[] {
  const { findings } = prove(readFleet(assembly, knownTemplates(shapes)), demand);
  return findings.filter(({ severity }) => severity === 'error');
}
