import type { OperationEvent, Reporter } from '../../ports';
import { JSON_SCHEMA_VERSION } from '../command';
import type { Terminal } from '../terminal';

/** Kinds of lines in the stream of a running operation; `report` or `error` is the last one. */
export type LineType = 'plan' | 'event' | 'report' | 'error';

/** `--go --json`: one JSON document a line, as things happen. Contract: `type` says which, `schemaVersion` how to read it. */
export class JsonLines implements Reporter {
  public constructor(private readonly terminal: Terminal) {}

  public event(event: OperationEvent): void {
    this.line('event', { ...event });
  }

  public line(type: LineType, document: Readonly<Record<string, unknown>>): void {
    this.terminal.out(`${JSON.stringify({ schemaVersion: JSON_SCHEMA_VERSION, type, ...document })}\n`);
  }
}
