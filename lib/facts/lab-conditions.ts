/**
 * How a failure comes in the lab, mildest first, which decides what time-outs it costs. `kill`: connections are refused at once, nobody waits for a
 * time-out. `freeze`: the kernel still accepts connections and nobody answers, so time-outs of answers tell. `drop`: not even a connection comes
 * about, so time-outs of connections do.
 */
export const LAB_FORMS = ['kill', 'freeze', 'drop'] as const;
export type LabForm = (typeof LAB_FORMS)[number];

/** What the terms of a bound depend on in the lab, beside its table of assumptions. */
export interface LabConditions {
  /** How many times as fast as on AWS it plays what it only plays. */
  readonly speed: number;
  readonly form: LabForm;
  /** How many times as slow as the machine of the table this one was, as the lab measured it: 1 or more. Multiplies work, and no wait. */
  readonly slowness: number;
  /** Seconds that a client lets pass between two requests, at most. */
  readonly clientPause: number;
}

/** Without a drill: the worst form, on a machine like that of the table, with clients like those of the drills that come with it. */
export const USUAL_LAB: LabConditions = { speed: 1, form: 'drop', slowness: 1, clientPause: 1 };
