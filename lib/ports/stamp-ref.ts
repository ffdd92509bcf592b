import type { StampNames } from '../topology/names';

/** A stamp as adapters address it: every name they need, nothing they have to derive. */
export interface StampRef {
  readonly id: string;
  readonly group: string;
  readonly account: string;
  /** AWS Region. */
  readonly region: string;
  readonly names: StampNames;
  /** `<regionCode>.<group>.<zone>`. */
  readonly recordName: string;
  /** Path of the application's own health check, behind no login (design 8). */
  readonly healthPath: string;
  readonly compute: 'fargate' | 'ec2';
  readonly hasWorker: boolean;
}
