import type { Severity } from '../../findings';

interface CheckCodeEntry {
  readonly severity: Severity;
  readonly meaning: string;
}

/**
 * Every code the cross-file checks report, with its severity and one-line meaning. Codes are contracts: scripts match on them.
 * An error cannot work or breaks a rule of the kit (design 3); a warning works until something fails; an info is worth knowing.
 */
export const CHECK_FINDING_CODES = {
  // Regions and zones.
  'alarms-unsubscribed': warning('nobody is told when an alarm goes off'),
  'region-code-unknown': error('a Region is used that is not under regions: in fleet.yaml'),
  'region-name-unknown': error('AWS has no Region of that name'),
  'region-other-partition': error('the Region belongs to another partition and shares no account with the rest'),
  'region-claimed-twice': error('two codes stand for one Region'),
  'region-opt-in': info('the Region has to be enabled in every account first'),
  'region-unused': info('no group and no control Region uses the Region'),
  'zone-letter-duplicate': error('an Availability Zone is listed twice'),
  'single-zone-without-reason': error('a Region has one Availability Zone and gives no reason'),
  'single-zone-stamp': error('a stamp lives in one Availability Zone, which its load balancer and database refuse'),

  // Names and DNS zones.
  'group-duplicate': error('two groups have one name'),
  'tenant-duplicate': error('a group lists a tenant twice'),
  'tenant-in-two-groups': error('a tenant belongs to two groups'),
  'tenant-named-like-group': error('a tenant and a group share a name'),
  'tenant-named-like-region': warning('a tenant is named like a Region code and reads like a stamp'),
  'record-name-clash': error('two records would have the same DNS name'),
  'record-below-delegation': error('a record stands in a name space that is delegated to another zone'),
  'zone-id-mismatch': error('one zone name has two hosted zone ids, or one id two names'),
  'account-without-zone': error('a group in another account uses a zone of a different account'),
  'zone-outside-fleet': info("a group's zone is not below the fleet's"),

  // Placement and routing.
  'standby-equals-primary': error('standby and primary are one Region'),
  'placement-region-duplicate': error('an active-active group lists a Region twice'),
  'active-active-single-region': error('an active-active group has one Region'),
  'standby-capacity-zero': error('the standby runs no tasks, so Route 53 counts it as dead'),
  'standby-capacity-reduced': warning('the standby holds less than the full load'),
  'single-region-group': info('the group does not survive its Region'),
  'weight-missing': error('a Region of a weighted group has no weight'),
  'weight-not-member': error('a weight is given for a Region that holds no stamp of the group'),
  'weight-out-of-range': error('a weight is no whole number from 0 to 255'),
  'weights-all-zero': error('every weight is zero'),
  'weight-zero': info('a Region gets traffic only once all others have failed'),
  'geolocation-default-not-member': error('the default of a geolocation group holds no stamp of the group'),
  'geolocation-region-not-member': error('areas are given for a Region that holds no stamp of the group'),
  'geolocation-area-invalid': error('an area that Route 53 does not know'),
  'geolocation-area-claimed-twice': error('two Regions claim one area'),
  'geolocation-region-idle': warning('a Region of a geolocation group serves no area'),

  // Network.
  'cidr-invalid': error('not an IPv4 range'),
  'reserved-ranges-overlap': warning('two reserved ranges overlap'),
  'pool-exhausted': error('the pool has no room for every stamp'),
  'pool-smaller-than-stamp': error('a stamp is larger than the pool'),
  'transit-gateway-missing': error('ranges are routed to a transit gateway that a Region does not have'),
  'transit-gateway-not-member': warning('a transit gateway is given for a Region that holds no stamp of the group'),
  'transit-gateway-idle': warning('transit gateways are given but nothing is routed to them'),
  'transit-cidr-inside-stamp': error('a route to the transit gateway for addresses of the stamp itself'),
  'transit-default-route': error('NAT and transit gateway both claim the default route'),
  'dependency-unreachable': error('a dependency cannot be reached from a network without a way out'),

  // Health and edge.
  'dependency-name-duplicate': error('two dependencies of a group have one name'),
  'dependency-url-invalid': error('the URL of a dependency cannot be probed'),
  'dependency-not-https': warning('a dependency is probed without TLS'),
  'dependency-local-address': error("a dependency lies on the prober's own machine"),
  'dependency-private-address': warning('a dependency is a private address that nothing routes to'),
  'dependency-not-marked-shared': warning('all stamps of a group probe the same dependency, which is not marked shared'),
  'writer-grace-too-short': warning('a routine failover of the database writer takes the stamp out of service'),
  'blocked-cidr-everything': error('the whole internet is blocked'),
  'blocked-cidr-broad': warning('a blocked range holds more than 16 million addresses'),
  'blocked-cidr-checkers': error('a blocked range holds health checkers of Route 53'),
  'oidc-incomplete': error('a field of oidc is empty'),
  'oidc-not-https': error('an oidc endpoint is no https URL'),
  'client-keep-alive-out-of-range': error('the load balancer refuses the client keepalive'),
  'client-keep-alive-above-rto': warning('clients may hold a connection longer than the objective allows'),

  // Database.
  'strong-outside-region-set': error('a strongly consistent table leaves its Region set'),
  'strong-replica-count': error('a strongly consistent table has no three replicas and no two with a witness'),
  'strong-witness-is-replica': error('the witness Region also holds a replica'),
  'strong-with-time-to-live': error('a strongly consistent table cannot expire items'),
  'witness-without-strong': error('only a strongly consistent table has a witness'),
  'index-name-duplicate': error('two indexes of a table have one name'),
  'key-arn-invalid': error('not the ARN of a KMS key or alias'),
  'key-arn-missing': error('a Region of the table has no key while others have'),
  'key-arn-wrong-region': error('the key lies in another Region than the replica it is for'),
  'key-arn-other-account': error('the key lies in another account than the table'),
  'key-arn-not-member': warning('a key is given for a Region that holds no stamp of the group'),
  'acu-step': error('Aurora capacity comes in steps of 0.5 ACU'),
  'acu-range': error('least and greatest Aurora capacity contradict each other or the service'),
  'acu-below-global-minimum': error('members of a global cluster have a higher least capacity'),
  'readers-out-of-range': error('an Aurora cluster does not take that many readers'),
  'aurora-without-reader': warning('without a reader, losing the writer takes longer than the objective'),
  'aurora-active-active': warning('only one Region of an active-active Aurora group can write'),
  'replication-lag-cap-mysql': error('only Aurora PostgreSQL can cap its replication lag'),
  'replication-lag-cap-range': error('a cap that Aurora refuses'),
  'replication-lag-cap-single': warning('a cap on replication lag in a group of one Region'),
  'replication-lag-above-rpo': error('the cap on replication lag allows more loss than the objective'),
  'replication-lag-unbounded': warning('nothing keeps the replication lag below the objective'),
  'endpoint-missing': error('an external database has no endpoint for a Region'),
  'endpoint-not-member': warning('an endpoint is given for a Region that holds no stamp of the group'),
  'endpoint-other-region': warning('a stamp reads its database in another Region'),

  // Objectives.
  'availability-rpo-zero': error('no loss at all is promised over asynchronous replication'),
  'availability-rto-below-detection': error('the objective is shorter than a health-check failover'),
  'availability-rto-below-operator': error('the objective is shorter than a person and a promotion take'),
  'recovery-rpo-below-backup': error('backups are further apart than the objective'),
  'recovery-rpo-below-copy': info('copies in other Regions are further apart than the objective'),
  'recovery-rto-below-decision': error('the objective is over before a person has decided to restore'),
  'failure-syntax': error('not a failure such as region:use1 or a pair joined by +'),
  'failure-reference': error('a failure names something that does not exist'),
  'failure-survived-and-accepted': error('a failure must be survived and is accepted at once'),
  'assumption-out-of-range': error('an assumption has an impossible value'),

  // Backup.
  'backup-missing': error('a group with a database of its own has no backups'),
  'copy-nowhere': error('the backups of a stamp have no other vault to go to'),
  'copy-not-member': error('backups are copied to a Region where the group has no vault'),
  'copy-vault-arn-invalid': error('not the ARN of a backup vault'),
  'copy-target-duplicate': error('a copy target is given twice'),
  'copy-same-region': warning('every copy stays in the Region it came from'),
  'copy-other-account': info('copies go to another account'),
  'copy-count': error('more copies than one backup rule may have'),
  'copy-interval-too-short': error('full copies cannot keep up with the schedule'),
  'copy-without-reason': error('there is no copy and no reason'),
  'retention-below-interval': error('a recovery point is gone before the next one exists'),
  'retention-not-days': error('retention is not a whole number of days'),
  'continuous-retention': error('continuous backups are kept for 1 to 35 days'),
  'vault-lock-without-reason': error('the vault is not locked and there is no reason'),
  'vault-lock-compliance': warning('a compliance lock can never be taken off again'),
  'restore-test-none': warning('backups are never restored'),
  'restore-validation-engine': error('a check of restored data does not fit the database'),
  'restore-validation-unused': warning('checks of restored data are configured, but nothing is ever restored'),

  // Images, secrets, environment.
  'image-single-region': error('an image lives in one Region only'),
  'image-outside-region': warning("an image does not live in the stamp's Region"),
  'image-unreachable': error('an image cannot be pulled from a network without a way out'),
  'image-other-account': info('an image lives in another account'),
  'image-tag-moving': warning('an image tag can change its content'),
  'image-placeholder-unknown': error('a placeholder in an image that means nothing'),
  'secret-single-region': error('a secret is named by an ARN, which lies in one Region'),
  'environment-names-region': warning('an environment variable ties every stamp to one Region'),
  'environment-reserved': error('an environment variable that the kit sets itself'),
  'environment-secret-clash': error('an environment variable is given as text and as secret'),

  // Compute and worker.
  'fargate-size': error('Fargate has no task of that size'),
  'instance-type-missing': error('EC2 compute has no instance type'),
  'instance-architecture': error('the instance type has another processor architecture than the image'),
  'compute-key-ignored': warning('a key has no effect with this kind of compute'),
  'stop-timeout-range': error('a stop timeout that ECS refuses'),
  'deregistration-delay-range': error('draining takes longer than a task may live on'),
  'stop-timeout-below-drain': error('tasks are killed before they are drained'),
  'max-capacity-below-minimum': error('the upper bound of scaling is below the lower one'),
  'health-path-reserved': error('the health path of the application is one of the kit'),
  'worker-tasks-range': error('the worker has a greatest number of tasks below its least'),
  'worker-slower-than-latency': error('one message takes longer than the longest acceptable latency'),
  'worker-visibility-too-short': error('messages become visible again while they are being processed'),
  'worker-visibility-range': error('a visibility timeout that SQS refuses'),
  'worker-retention-range': error('a message retention that SQS refuses'),
  'worker-retention-too-short': error('messages expire before the longest acceptable latency'),
  'worker-stop-too-short': warning('the worker is killed in the middle of a message'),

  // Control Regions and routing stack.
  'control-not-distinct': error('a Region has two parts among the control Regions'),
  'control-count': error('not two control Regions with a witness, nor three; once locked, not two or three'),
  'control-outside-region-set': error('the control table leaves its Region set'),
  'control-is-only-region': warning("a control Region is a group's only Region"),
  'routing-stack-region': error('health-check metrics exist in us-east-1 only'),

  // The lock.
  'lock-missing': error('there is no fleet.lock.yaml'),
  'lock-outdated': error('fleet.lock.yaml does not hold what stamps/ says'),
  'lock-of-another-fleet': error('the lock belongs to another fleet'),
  'region-code-repointed': error('a Region code that is in use stands for another Region'),
  'home-region-left': error('a group left the Region where its data was born'),
  'control-table-owner-left': error('the Region whose stack owns the control table is no control Region any more'),
  'control-table-region-gone': error('a Region of the control table is no Region of the fleet any more'),
  'control-table-stays': info('the control Regions changed, and the control table stays where it was made'),
  'lock-entry-twice': error('a stamp is allocated and buried at once'),
  'lock-ranges-overlap': error('two ranges of the lock overlap'),
  'lock-range-invalid': error('the lock holds something that is no range'),
  'allocation-overlaps-reserved': warning('a stamp lies in a reserved range'),
  'allocation-outside-pool': info("a stamp lies outside today's pool"),
} as const satisfies Record<string, CheckCodeEntry>;

/** A code of {@link CHECK_FINDING_CODES}. */
export type CheckFindingCode = keyof typeof CHECK_FINDING_CODES;

/**
 * What `stampkit lock` repairs, in part with `--rehome` and `--release`: it must not refuse to run because of them, and it
 * reports itself what is left of them.
 */
export const FIXED_BY_LOCK: readonly CheckFindingCode[] = ['lock-missing', 'lock-outdated', 'home-region-left', 'pool-exhausted'];

/**
 * What the configuration alone looks like, and what a lock may excuse: the table is made already, the ranges are handed out.
 * While there is a lock that cannot be read, these would send people to change the wrong file.
 */
export const EXCUSED_BY_LOCK: readonly CheckFindingCode[] = [
  'control-count',
  'control-outside-region-set',
  'control-not-distinct',
  'pool-exhausted',
  'region-unused',
];

function error(meaning: string): CheckCodeEntry {
  return { severity: 'error', meaning };
}

function warning(meaning: string): CheckCodeEntry {
  return { severity: 'warning', meaning };
}

function info(meaning: string): CheckCodeEntry {
  return { severity: 'info', meaning };
}
