import { expect, test } from 'vitest';
import { maxRecoveryPointAge } from '../../lib/topology/backup-age';

test.each([
  ['hourly', 0, 4, '1 h between backups + 1 h to start + 2 h to complete'],
  ['daily', 2, 41, '24 h between backups + 1 h to start + 12 h to complete + 4 h for the copy'],
  ['weekly', 0, 193, '168 h between backups + 1 h to start + 24 h to complete'],
] as const)('%s with %d copies: %d hours', (schedule, copies, hours, because) => {
  expect(maxRecoveryPointAge(schedule, copies)).toEqual({ age: hours * 3600, because });
});

test('a measured copy time counts', () => {
  expect(maxRecoveryPointAge('daily', 1, { backupCopyTime: 1800 })).toEqual({
    age: 37.5 * 3600,
    because: '24 h between backups + 1 h to start + 12 h to complete + 0.5 h for the copy',
  });
});
