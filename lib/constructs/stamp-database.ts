import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DatabasePointer } from './database-pointer';

/** Who logs in. The bootstrap of the home stamp creates one database user for each (design 6). */
export enum DatabaseUser {
  /** The application: reads and writes. */
  APP = 'app',
  /** Health checks: is it there, is it writable. */
  PROBE = 'probe',
  /** Restore validation: reads what was restored. */
  VALIDATOR = 'validator',
}

/** What a stamp needs from its database, whichever engine it is. */
export abstract class StampDatabase extends Construct {
  /** Engine as the application contract spells it. */
  public abstract readonly engine: string;
  /** The parameter that consumers read. */
  public abstract readonly pointer: DatabasePointer;
  /** Alarms on the database, without actions: who composes the stamp adds them. */
  public abstract readonly alarms: cloudwatch.Alarm[];

  /**
   * Lets a principal log in as one of the group's users, now and after a restore: recovery may not touch IAM (design 6, R2), so the
   * permission already covers the cluster or table that a restore will create.
   */
  public abstract grantAccess(grantee: iam.IGrantable, user: DatabaseUser): void;
}
