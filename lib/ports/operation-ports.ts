import type { Backups, Divergences, Validations } from './backups';
import type { Capacity } from './capacity';
import type { Clock, Sha256 } from './clock';
import type { ControlTableStore, LocalJournal } from './control-table';
import type { Databases } from './databases';
import type { Dns, RoutingEvidence } from './dns';
import type { Pointers, Stacks } from './pointers';
import type { Probes } from './probes';
import type { Queues } from './queues';
import type { Reporter } from './reporter';
import type { Switches } from './switches';
import type { Tables } from './tables';

/** Everything that the operations engine reaches the world through. */
export interface OperationPorts {
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly reporter: Reporter;
  readonly probes: Probes;
  readonly dns: Dns;
  readonly routing: RoutingEvidence;
  readonly switches: Switches;
  readonly databases: Databases;
  readonly tables: Tables;
  readonly capacity: Capacity;
  readonly queues: Queues;
  readonly backups: Backups;
  readonly validations: Validations;
  readonly divergences: Divergences;
  readonly pointers: Pointers;
  readonly stacks: Stacks;
  readonly controlTable: ControlTableStore;
  readonly localJournal: LocalJournal;
}
