import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DatabasePointer } from './database-pointer';
import { StampDatabase, type DatabaseUser } from './stamp-database';

/** What an external database speaks. */
export enum ExternalDatabaseProtocol {
  /** The PostgreSQL protocol. */
  POSTGRESQL = 'postgresql',
  /** The MySQL protocol. */
  MYSQL = 'mysql',
  /** Anything else: health checks only connect. */
  OTHER = 'other',
}

/** Properties of {@link ExternalDatabase}. */
export interface ExternalDatabaseProps {
  /** What the server speaks. */
  readonly protocol: ExternalDatabaseProtocol;
  /** Host name this stamp writes to. */
  readonly writer: string;
  /** Host name this stamp reads from. */
  readonly reader: string;
  /** TCP port. */
  readonly port: number;
  /** Name of the database on that server. */
  readonly databaseName: string;
  /** SSM parameter name of the pointer. */
  readonly pointerName: string;
  /**
   * What happens to the pointer when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A database that somebody else runs. The stamp passes its endpoints on and owns nothing of it: no access is granted (credentials come as
 * secrets of the tasks), nothing is backed up, and a failover does not promote it.
 */
export class ExternalDatabase extends StampDatabase {
  public readonly engine: string;
  public readonly pointer: DatabasePointer;
  public readonly alarms: cloudwatch.Alarm[] = [];

  public constructor(scope: Construct, id: string, props: ExternalDatabaseProps) {
    super(scope, id);
    this.engine = props.protocol;
    this.pointer = new DatabasePointer(this, 'Pointer', {
      parameterName: props.pointerName,
      engine: props.protocol,
      writer: props.writer,
      reader: props.reader,
      port: props.port,
      databaseName: props.databaseName,
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    });
  }

  /** Grants nothing: login to an external database is not a matter of IAM. */
  public override grantAccess(_grantee: iam.IGrantable, _user: DatabaseUser): void {
    // Nothing to grant.
  }
}
