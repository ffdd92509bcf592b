/** What an operator may ask for. Region codes and stamp ids are those of the fleet. */
export type OperationRequest =
  | { readonly operation: 'evacuate'; readonly group: string; readonly stamp: string; readonly reason: string }
  | ({ readonly operation: 'readmit'; readonly group: string; readonly stamp: string; readonly reason: string } & ToldHolder)
  | {
      readonly operation: 'failover';
      readonly group: string;
      readonly to: string;
      readonly reason: string;
      readonly allowDataLoss?: boolean;
    }
  | ({ readonly operation: 'failback'; readonly group: string; readonly reason: string } & ToldHolder)
  /** After an unplanned failover: what becomes of the Region that came back. */
  | { readonly operation: 'return'; readonly group: string; readonly stamp: string; readonly reason: string }
  /** The global definitions are adopted into the Region that the lock now calls home. */
  | { readonly operation: 'rehome'; readonly group: string; readonly lost: string; readonly reason: string }
  | RestoreRequest
  | { readonly operation: 'cutover'; readonly group: string; readonly restore: string; readonly reason: string }
  | { readonly operation: 'abandon'; readonly group: string; readonly restore: string; readonly reason: string }
  /** A stack owns what a restore made: nothing is left to say about it. */
  | { readonly operation: 'adopt'; readonly group: string; readonly restore: string; readonly reason: string };

/** What the operator knows of the deployed records while the Route 53 API is silent. */
export interface ToldHolder {
  /** Id of the stamp that the deployed PRIMARY record leads to. What the API says counts for more. */
  readonly primaryHolder?: string;
}

export interface RestoreRequest {
  readonly operation: 'restore';
  readonly group: string;
  /** The moment to go back to, in milliseconds since 1970. Exactly one of `at` and `recoveryPoint` is given. */
  readonly at?: number;
  /** ARN. */
  readonly recoveryPoint?: string;
  /** Restore, validate, tear down again: nothing of it is ever used. */
  readonly test?: boolean;
  readonly reason: string;
}

export type OperationKind = OperationRequest['operation'];
