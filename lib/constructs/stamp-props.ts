import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { GroupNames, StampNames } from '../topology/names';
import type { StampEgress, StampNetworkProps } from './stamp-network';
import type {
  StampAuroraOptions,
  StampBackupOptions,
  StampComputeOptions,
  StampEdgeOptions,
  StampExternalDatabaseOptions,
  StampHealthOptions,
  StampTableOptions,
  StampWorkerOptions,
} from './stamp-options';

export type { GroupNames, StampNames } from '../topology/names';

/** Properties of a {@link Stamp}. */
export interface StampProps {
  /** Name of the fleet the stamp belongs to; lower-case letters, digits and hyphens. */
  readonly fleet: string;
  /** Tenant group the stamp serves. */
  readonly group: string;
  /** Short code of the Region, without a hyphen, such as `use1`. */
  readonly regionCode: string;
  /** Public zone that the group's name lives in. */
  readonly hostedZone: route53.IHostedZone;
  /** The stamp's own name. @default - `<regionCode>.<group>.<zone>` */
  readonly recordName?: string;
  /** The group's name, which users resolve. @default - `<group>.<zone>` */
  readonly groupRecordName?: string;
  /** Names on the created certificate, in this order: the tenants' wildcard, the group, the group's wildcard. @default - built from group and zone */
  readonly certificateNames?: string[];
  /** Physical names. @default - built from fleet, group and Region code */
  readonly names?: StampNames;
  /** Names that the stamps of the group share. @default - built from fleet and group */
  readonly groupNames?: GroupNames;

  /** An existing network with public, private and (for a database) isolated subnets in every zone. Give this or `network`. @default - `network` */
  readonly vpc?: ec2.IVpc;
  /** The network to create. Give this or `vpc`. @default - `vpc` */
  readonly network?: StampNetworkProps;
  /** How the private subnets of `vpc` reach what is outside; `network` says it itself. @default StampEgress.NAT */
  readonly vpcEgress?: StampEgress;
  /** Key for everything the stamp stores. @default - an own customer-managed key, retained, with an alias */
  readonly encryptionKey?: kms.IKey;
  /** Where alarms go. @default - an own topic */
  readonly alarmTopic?: sns.ITopic;
  /** Who is told by the own topic: `mailto:` and `https://` addresses. @default - nobody until somebody subscribes */
  readonly alarmSubscriptions?: string[];

  /** Web tasks. */
  readonly compute: StampComputeOptions;
  /** Queue and worker. @default - neither */
  readonly worker?: StampWorkerOptions;
  /** At most one of `aurora`, `table` and `externalDatabase`. @default - no Aurora */
  readonly aurora?: StampAuroraOptions;
  /** At most one of `aurora`, `table` and `externalDatabase`. @default - no table */
  readonly table?: StampTableOptions;
  /** At most one of `aurora`, `table` and `externalDatabase`. @default - no external database */
  readonly externalDatabase?: StampExternalDatabaseOptions;
  /** Backups of `aurora` or `table`. @default - no backups */
  readonly backup?: StampBackupOptions;
  /** Deep health check. @default - the defaults of its members */
  readonly health?: StampHealthOptions;
  /** Load balancer, web ACL and certificate. @default - the defaults of its members */
  readonly edge?: StampEdgeOptions;
  /** A canary that uses the stamp and the group from outside. @default true */
  readonly canary?: boolean;
  /** Deletion protection of load balancer and database. @default true */
  readonly deletionProtection?: boolean;
  /** What happens to what holds data when it leaves the stack. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}
