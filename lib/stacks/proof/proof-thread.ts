import { parseFleet } from '../../assembly/parse-fleet';
import { type AssemblyStack, readStack, stackEntries } from '../../assembly/read-assembly';
import { identityOf, isUnchanged, type WrittenFile, WrittenTemplates } from '../stamping/written-templates';
import type { ThreadData } from '../threads/side-thread';
import { receive, send, type ThreadPort } from '../threads/thread-port';
import { proofErrors } from './proof-errors';
import type { ProofMessage, ProofOrder } from './proof-messages';

/**
 * What the thread of `proveAhead` does. Whatever goes wrong, it has no answer: who asked does the proof, and meets the error where it can be told.
 */
export function runProofThread({ order, port }: ThreadData<ProofOrder>): void {
  let errors;
  try {
    const arriving = new ArrivingStacks(order, port);
    const found = proofErrors(parseFleet(arriving.read()), order.demand);
    arriving.requireSameAssembly();
    errors = found;
  } finally {
    send(port, errors);
  }
}

/** The stacks of an assembly that is being written, in the order of its manifest. */
class ArrivingStacks {
  private readonly files: WrittenFile[] = [];
  private next = 0;
  private ended = false;

  public constructor(
    private readonly order: ProofOrder,
    private readonly port: ThreadPort,
  ) {}

  public *read(): Generator<AssemblyStack, undefined> {
    const { assembly, stacks } = this.order;
    const shapes: WrittenTemplates[] = [];
    while (this.next < stacks.length) {
      const message = this.receive();
      if (message.kind === 'shape') shapes.push(new WrittenTemplates(message));
      if (message.kind === 'end') yield* this.readFiles(stacks.length);
      if (message.kind === 'stack') {
        const { index, shape, written } = message;
        // Stacks are written one after the other: those before this one are there.
        yield* this.readFiles(index);
        const entry = stacks[index];
        if (entry === undefined || index !== this.next) throw new Error(`${written.file.path} does not come in its turn`);
        this.next += 1;
        this.files.push(written.file);
        yield readStack(entry, assembly, () => shapes[shape]?.fill(written));
      }
    }
    return undefined;
  }

  /**
   * Waits for the end of the synthesis.
   *
   * @throws Error when the assembly is not what was read: another manifest, or a template that somebody changed
   */
  public requireSameAssembly(): void {
    while (!this.ended) this.receive();
    const { assembly, stacks } = this.order;
    const changed = this.files.find((file) => !isUnchanged(file));
    if (changed !== undefined) throw new Error(`${changed.path} was changed`);
    if (JSON.stringify([...stackEntries(assembly)]) !== JSON.stringify(stacks))
      throw new Error('the manifest lists other stacks');
  }

  /** Stacks that are made from no shape, up to one that is. */
  private *readFiles(until: number): Generator<AssemblyStack, undefined> {
    const { assembly, stacks } = this.order;
    for (const entry of stacks.slice(this.next, until)) {
      this.next += 1;
      this.files.push(identityOf(entry.path));
      yield readStack(entry, assembly);
    }
    return undefined;
  }

  private receive(): ProofMessage {
    const message = receive(this.port) as ProofMessage;
    if (message.kind === 'end') this.ended = true;
    return message;
  }
}
