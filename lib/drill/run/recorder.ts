import type { Clock } from '../../ports';

/** Part of a drill, in the words of chaos engineering. */
export type DrillPart = 'prepare' | 'steady-state' | 'method' | 'measure' | 'rollbacks' | 'end';

/** One line of a drill's journal. */
export interface DrillEntry {
  /** ISO 8601. */
  readonly at: string;
  /** Seconds since the drill began. */
  readonly elapsed: number;
  readonly part: DrillPart;
  readonly level: 'info' | 'warning' | 'error';
  /** Stable kebab-case code such as `step-started`. */
  readonly code: string;
  /** One line for people. */
  readonly message: string;
  readonly step?: string;
}

/** Writes the journal of a drill: kept for the report, and passed on line by line as it happens. */
export class Recorder {
  public readonly entries: DrillEntry[] = [];
  private readonly begun: number;
  private part: DrillPart = 'prepare';

  public constructor(
    private readonly clock: Clock,
    private readonly tell: (entry: DrillEntry) => void,
  ) {
    this.begun = clock.now();
  }

  public enter(part: DrillPart): void {
    this.part = part;
  }

  public note(code: string, message: string, step?: string, level: DrillEntry['level'] = 'info'): void {
    const now = this.clock.now();
    const entry: DrillEntry = {
      at: new Date(now).toISOString(),
      elapsed: Math.round(now - this.begun) / 1000,
      part: this.part,
      level,
      code,
      message,
      ...(step !== undefined && { step }),
    };
    this.entries.push(entry);
    this.tell(entry);
  }
}
