/**
 * The tag by which a stamp's backup plan finds its data: key {@link BACKUP_TAG_KEY}, value the stamp's id.
 *
 * An Aurora cluster carries it from `AuroraMember`; every replica of a global table carries its own stamp's id, set by `GlobalTable`
 * in the stack that owns the table; a restore that is cut over to must set it on what it created, or nobody backs that up.
 */
export const BACKUP_TAG_KEY = 'stampkit:backup';

/** The tag AWS Backup puts on what a restore test created (aws-facts 5.5). Such resources are never backed up. */
export const RESTORE_TEST_TAG_KEY = 'awsbackup-restore-test';
