import { BACKUP_READERS } from './backups';
import { BUCKET_READERS } from './buckets';
import { DATABASE_READERS } from './databases';
import { EDGE_READERS } from './edge';
import { NETWORK_READERS } from './networks';
import { OPERATION_READERS } from './operations';
import { QUEUE_READERS } from './queues';
import type { Reader } from './reader';
import { RECORD_READERS } from './records-and-checks';
import { SCALING_READERS } from './scaling';
import { SERVICE_READERS } from './services';
import { TABLE_READERS } from './tables';
import { TASK_READERS } from './tasks';
import { WEB_ACL_READERS } from './web-acls';

/** The reader of each resource type that says something about resilience; every other type is skipped and counted. */
export const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    ...RECORD_READERS,
    ...EDGE_READERS,
    ...WEB_ACL_READERS,
    ...SERVICE_READERS,
    ...TASK_READERS,
    ...SCALING_READERS,
    ...DATABASE_READERS,
    ...TABLE_READERS,
    ...QUEUE_READERS,
    ...BUCKET_READERS,
    ...BACKUP_READERS,
    ...OPERATION_READERS,
    ...NETWORK_READERS,
  }),
);
