import { z } from 'zod';
import { backupValidationSchema } from './backup-validation';
import { list } from './collections';
import { duration } from './durations';
import { flag, option } from './numbers';
import { Rejection, scalar, sentence, text } from './scalar';

const DAY = 86_400;
/** AWS Backup counts in days; 36,500 is its limit for snapshots (aws-facts 5.4: up to 100 years). */
const RETENTION = { range: { min: DAY, max: 36_500 * DAY }, example: '35d' };

/** A Region of the fleet, or the ARN of a vault that exists already. */
const copyTarget = () => {
  const region = /^([a-z][a-z0-9]{1,11}|[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2})$/;
  const vault = /^arn:[A-Za-z0-9:_-]+$/;
  return text({ title: 'a Region or a vault ARN', pattern: `${region.source}|${vault.source}`, examples: ['usw2'] }, (value) => {
    if (region.test(value) || vault.test(value)) return value;
    const fix = 'use a Region of the group, or arn:aws:backup:<region>:<account>:backup-vault:<name>';
    return new Rejection('invalid-value', 'is neither a Region nor the ARN of a backup vault', fix);
  });
};

const peers = () =>
  scalar({ title: 'peers', type: 'string', enum: ['peers'] }, (value): 'peers' | Rejection =>
    value === 'peers'
      ? 'peers'
      : new Rejection('unknown-option', 'is not an allowed value', 'write peers, or a list of Regions and vault ARNs'),
  );

export const backupSchema = z
  .strictObject({
    schedule: option(['hourly', 'daily', 'weekly']).prefault('daily').meta({
      description: 'How often a snapshot is taken and copied. Aurora copies are full each time (aws-facts 5.3).',
    }),
    continuous: flag()
      .prefault(true)
      .meta({ description: 'Point-in-time recovery in the Region of the stamp, up to 35 days back.' }),
    retain: duration(RETENTION).prefault('35d').meta({ description: 'How long backups are kept, in days.' }),
    copyTo: z
      .union([peers(), list(copyTarget(), { max: 100 })])
      .prefault('peers')
      .meta({
        description:
          '`peers`: the vaults of all other stamps. Or Regions of the group and ARNs of vaults. An empty list needs `copyReason`.',
      }),
    copyReason: sentence('the reason', ['the data can be computed again'])
      .optional()
      .meta({ description: 'Why there is no copy; required when `copyTo` is empty.' }),
    copyRetain: duration(RETENTION)
      .optional()
      .meta({ description: 'How long copies are kept, in days. By default as long as `retain`.' }),
    lock: option(['none', 'governance', 'compliance']).prefault('governance').meta({
      description: 'Vault lock. `compliance` cannot be lifted by anybody (aws-facts 5.2); `none` needs `lockReason`.',
    }),
    lockReason: sentence('the reason', ['a sandbox'])
      .optional()
      .meta({ description: 'Why the vault is not locked; required when `lock` is `none`.' }),
    restoreTest: option(['none', 'daily', 'weekly', 'monthly']).prefault('weekly').meta({
      description: 'How often AWS Backup restores the newest backup; the restored data is checked and deleted again.',
    }),
    validation: backupValidationSchema.optional(),
  })
  .meta({ description: 'Backups of the group’s database. Not for groups whose database is `none` or `external`.' });
