import type { Identity } from '../../operations/execute/execute';
import type { OperationPorts, Reporter } from '../../ports';
import type { Fleet } from '../../topology/types';
import type { GroupProof } from '../../resilience/types';

/** What a command asks of the place it runs in before it can reach the world. */
export interface PortsRequest {
  readonly fleet: Fleet;
  /** Told of everything that happens while an operation runs. */
  readonly reporter: Reporter;
}

/**
 * What the commands of operations reach beyond their terminal. The process gives the real thing (`process-host.ts`), a test gives fakes:
 * commands know no other way to AWS, to signals or to a timer.
 */
export interface OperationsHost {
  /** @throws StampError when there are no credentials to begin with */
  readonly ports: (request: PortsRequest) => Promise<OperationPorts>;
  /** Who works here: a name for people, and one that no other process has. */
  readonly identity: () => Identity;
  /** Calls back at every Ctrl-C (or SIGTERM, SIGHUP) until the result is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Calls back every so many milliseconds until the result is called: the progress of a terminal. */
  readonly every: (milliseconds: number, tick: () => void) => () => void;
  /** Ends the program once its output is written, whatever is still under way: a second Ctrl-C waits for nothing. */
  readonly leave: (exitCode: number) => void;
  /**
   * What the proof says of one group, from freshly synthesized templates or from an assembly on disk.
   *
   * @throws when the fleet cannot be synthesized or the assembly not be read
   */
  readonly proof: (fleet: Fleet, group: string, assembly?: string) => Promise<GroupProof | undefined>;
}
