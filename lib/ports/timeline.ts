/** Something that a target saw happen, by its own clock. */
export interface TimelineEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly code:
    /** A probe of a checker failed that had passed before; `subject` is the check, `detail` the location. */
    | 'probe-failed'
    /** The verdict of a check turned; `subject` is the check. */
    | 'check-changed'
    /** The answers of the zone changed; `subject` is the name, `detail` what is answered to whom. */
    | 'answer-changed'
    /** A change of the writer began, or ended; `subject` is the global cluster or table. */
    | 'promotion-started'
    | 'promoted'
    /** `subject` is the stamp. */
    | 'health-changed'
    /** `subject` is the fault's id. */
    | 'fault-started'
    | 'fault-ended';
  readonly subject: string;
  readonly detail: string;
  /** Stamp that it is about. */
  readonly stamp?: string;
}

/** What happened inside a target, for the timeline of a drill. */
export interface Timeline {
  /** In the order of their times. @param since milliseconds since 1970 */
  events(since?: number): Promise<readonly TimelineEvent[]>;
}
