/** Something that happened while an operation runs; only the command line turns it into text. */
export interface OperationEvent {
  /** ISO 8601. */
  readonly time: string;
  readonly level: 'info' | 'warning' | 'error';
  /** Stable kebab-case code such as `step-started`. */
  readonly code: string;
  /** One line for people. */
  readonly message: string;
  readonly step?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Reporter {
  event(event: OperationEvent): void;
}
