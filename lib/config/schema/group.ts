import { z } from 'zod';
import { backupSchema } from './backup';
import { list, tags } from './collections';
import { computeSchema } from './compute';
import { databaseSchema } from './database';
import { accountId, hostedZoneId } from './identifiers';
import { dnsName, groupName, tenantName } from './names';
import { objectivesSchema } from './objectives';
import {
  acceptSchema,
  drillsSchema,
  edgeSchema,
  failoverSchema,
  groupNetworkSchema,
  guardsSchema,
  healthSchema,
} from './operations';
import { placementSchema } from './placement';
import { workerSchema } from './worker';

export const zoneSchema = z.strictObject({
  name: dnsName('a DNS name', 'shop.example.com').meta({ description: 'Name of the zone without a trailing dot.' }),
  hostedZoneId: hostedZoneId().meta({ description: 'Id of its public hosted zone.' }),
});

/** A group file, after the defaults of fleet.yaml are merged in. Region references are as written: codes or names. */
export const groupSchema = z
  .strictObject({
    group: groupName().meta({
      description: 'Name of the group and of its file. Part of every name and address: it cannot be changed later.',
    }),
    tenants: list(tenantName(), { max: 10_000 }).prefault([]).meta({
      description: 'Tenants of the group; `<tenant>.<zone>` leads to it. Groups and tenants share one namespace.',
    }),
    account: accountId().optional().meta({
      description: 'Account of all stamps of the group. By default the fleet’s; another one needs its own `zone`.',
    }),
    zone: zoneSchema.optional().meta({ description: 'Public zone of the group. By default the fleet’s.' }),
    objectives: objectivesSchema,
    placement: placementSchema,
    network: groupNetworkSchema.prefault({}),
    compute: computeSchema,
    worker: workerSchema.optional(),
    database: databaseSchema,
    backup: backupSchema.prefault({}),
    failover: failoverSchema.prefault({}),
    health: healthSchema.prefault({}),
    edge: edgeSchema.prefault({}),
    guards: guardsSchema.prefault({}),
    accept: acceptSchema.prefault([]),
    drills: drillsSchema.prefault({}),
    tags: tags().prefault({}).meta({ description: 'Tags of the group’s stacks, added to the fleet’s.' }),
  })
  .meta({ title: 'A tenant group', description: 'One file in `stamps/groups/` per tenant group, named like the group.' });

/** Keys that belong to one group and cannot be shared by default. */
export const NEVER_DEFAULTS: readonly string[] = ['group', 'tenants'];
