/** Tag of everything that a restore made; its value is the id of the restore. Nothing without it is ever deleted. */
export const RESTORE_TAG = 'stampkit:restore';

/** The tag by which backup plans find live data (`BACKUP_TAG_KEY` of the constructs). */
export const BACKUP_TAG = 'stampkit:backup';

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function restoreOf(tags: readonly Tag[] | undefined): string | undefined {
  return tags?.find((tag) => tag.Key === RESTORE_TAG)?.Value;
}

/**
 * Tags for a copy of something live. AWS's own cannot be given; the restore that made the original did not make the copy. A copy that a
 * restore makes is not backed up before it is adopted: its points would lie among those of the live data.
 */
export function copiedTags(tags: readonly Tag[] | undefined, restore: string | undefined): { Key: string; Value: string }[] {
  const copied = (tags ?? []).flatMap(({ Key, Value }) =>
    Key === undefined || Key.startsWith('aws:') || Key === RESTORE_TAG || (restore !== undefined && Key === BACKUP_TAG)
      ? []
      : [{ Key, Value: Value ?? '' }],
  );
  return restore === undefined ? copied : [...copied, { Key: RESTORE_TAG, Value: restore }];
}
