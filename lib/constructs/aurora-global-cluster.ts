import { RemovalPolicy } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { AuroraEngine } from './aurora-member';

/** Properties of {@link AuroraGlobalCluster}. */
export interface AuroraGlobalClusterProps {
  /** Name by which the members join; unique in the account. */
  readonly globalClusterIdentifier: string;
  /** Engine of all members. */
  readonly engine: AuroraEngine;
  /** The version of every member. An upgrade changes it here first; the members follow. */
  readonly engineVersion: string;
  /**
   * Whether the global cluster refuses to be deleted.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * What happens to the global cluster when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The global cluster of a group, empty: its members join by name from the stacks of the stamps, the home stamp first. It says nothing
 * about which member is the writer, so a failover leaves its template as it is (R1).
 */
export class AuroraGlobalCluster extends Construct {
  /** The global cluster. */
  public readonly globalCluster: rds.CfnGlobalCluster;

  public constructor(scope: Construct, id: string, props: AuroraGlobalClusterProps) {
    super(scope, id);
    this.globalCluster = new rds.CfnGlobalCluster(this, 'Resource', {
      globalClusterIdentifier: props.globalClusterIdentifier,
      engine: props.engine,
      engineVersion: props.engineVersion,
      storageEncrypted: true,
      deletionProtection: props.deletionProtection ?? true,
    });
    this.globalCluster.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
}
