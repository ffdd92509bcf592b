/**
 * Every code the reading half of the configuration reports, with its one-line meaning. Codes are contracts: scripts match on
 * them, so a code is never renamed and never used for something else.
 */
export const CONFIG_FINDING_CODES = {
  // The folder and its files.
  'file-missing': 'a file that every stamps folder needs is not there',
  'file-unreadable': 'a file or folder exists but cannot be read (permissions, a broken link, a loop of links)',
  'file-too-large': 'a file is larger than any real configuration',
  'too-many-files': 'the groups folder holds more files than one fleet may have',
  'not-a-file': 'something that is no regular file stands where a file belongs',
  'not-utf8': 'a file is not UTF-8 text, for example UTF-16',
  'binary-file': 'a file holds NUL bytes: it is not text',
  'wrong-extension': 'a group file does not end in .yaml and would be overlooked',
  'unexpected-file': 'a file or folder that stampkit does not know and does not read',
  'no-groups': 'the fleet has no group',
  'group-file-name': 'a group file is not named like its group',
  // YAML.
  'yaml-syntax': 'the text is not YAML',
  'yaml-tab': 'a tab is used for indentation',
  'yaml-empty': 'the file holds no value',
  'yaml-not-a-mapping': 'the file holds a list or a single value instead of keys',
  'yaml-multiple-documents': 'the file holds several YAML documents',
  'yaml-duplicate-key': 'a key is given twice',
  'yaml-key': 'a key is not plain text, or is one that is not allowed',
  'yaml-merge-key': 'a merge key (<<) is used',
  'yaml-tag': 'a YAML tag (!something) is used',
  'yaml-alias': 'an alias has no anchor, or contains itself',
  'yaml-too-large': 'aliases make the file larger than any real configuration',
  'yaml-too-deep': 'values are nested deeper than any real configuration',
  'yaml-version': 'the file asks for another version of YAML',
  'number-not-finite': 'a number is infinite or not a number',
  // The schema.
  'unknown-key': 'a key that does not exist',
  'missing-key': 'a required key is missing',
  'empty-value': 'a key has no value',
  'wrong-type': 'a value of another type is needed',
  'needs-quotes': 'text that YAML reads as a number or as true or false: quotes are missing',
  'unknown-option': 'a value outside the list of allowed words',
  'invalid-duration': 'not a duration such as 30s, 5m, 4h or 35d',
  'invalid-percentage': 'not a percentage such as 100%',
  'invalid-cidr': 'not an IPv4 CIDR, or its host bits are not zero',
  'invalid-name': 'not a valid name of its kind',
  'reserved-name': 'a name that stampkit itself uses',
  'invalid-dns-name': 'not a DNS name in lower case without a trailing dot',
  'invalid-value': 'a value that does not have the form its key needs',
  'out-of-range': 'a number or duration outside the allowed range',
  'too-few': 'a list has too few entries',
  'too-many': 'a list or mapping has too many entries',
  'duplicate-region': 'a Region is given twice, under two codes or as code and name',
  'reason-missing': 'a value that lowers resilience has no reason',
  'not-applicable': 'a key has no meaning beside the values around it',
  'conflicting-keys': 'two keys exclude each other, or exactly one of them is needed',
  'unsupported-version': 'a schemaVersion that this stampkit does not read',
  'not-a-default': 'a key of a single group stands under defaults',
} as const;

/** A code of {@link CONFIG_FINDING_CODES}. */
export type ConfigFindingCode = keyof typeof CONFIG_FINDING_CODES;
