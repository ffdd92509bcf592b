import { didYouMean } from '../suggest';
import { Rejection, pattern, type ScalarType, text } from './scalar';

/** A DNS label (RFC 1035, lower case): what fleets, groups and tenants are named with. */
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** A label that starts with a letter: CloudFormation stacks, RDS identifiers and database users need that. */
const LETTER_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const REGION_CODE = /^[a-z][a-z0-9]{1,11}$/;
const REGION_NAME = /^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$/;

/** A lower-case DNS label of at most `maxLength` characters that starts with a letter, without double hyphens. */
export function labelName(title: string, maxLength: number, example: string): ScalarType<string> {
  return pattern({ title, maxLength, examples: [example] }, LETTER_LABEL, (value) => nameRejection(value, title, example));
}

/**
 * Name of a group. At most 32 characters: the longest physical name, the restore testing plan `<fleet>_<group>_<code>`,
 * has 50 (aws-facts 5.5); the exact sum is checked where the names are known.
 */
export function groupName(): ScalarType<string> {
  const title = 'a group name';
  return text({ title, pattern: LETTER_LABEL.source, maxLength: 32, examples: ['enterprise'] }, (value) => {
    if (!LETTER_LABEL.test(value) || value.includes('--')) return nameRejection(value, title, 'enterprise');
    if (value.length > 32) return new Rejection('invalid-name', `has ${value.length} characters`, 'use at most 32');
    // `<fleet>-control-<code>` is the name of the control stacks.
    if (value === 'control') return reserved('the control stacks are called that');
    return value;
  });
}

/** Name of a tenant: a DNS label, because `<tenant>.<zone>` is its address (RFC 1035: 63 characters). */
export function tenantName(): ScalarType<string> {
  const schema = { title: 'a tenant name', maxLength: 63, examples: ['acme'] };
  return pattern(schema, LABEL, (value) => nameRejection(value, 'a tenant name', 'acme'));
}

/** A new Region code. No hyphen, so that the last hyphen of a stamp id divides group and code. */
export function regionCode(): ScalarType<string> {
  return text({ title: 'a Region code', pattern: REGION_CODE.source, examples: ['use1'] }, (value) => {
    if (!REGION_CODE.test(value)) {
      const fix = 'use 2 to 12 lower-case letters and digits, the first a letter, without a hyphen: use1, euw1';
      return new Rejection('invalid-name', 'is not a Region code', fix);
    }
    // `<fleet>-<group>-data` and `-routing` are stacks of the group.
    if (value === 'data' || value === 'routing') return reserved(`the stacks <group>-${value} are called that`);
    return value;
  });
}

/** Reference to a Region, by its code under `regions:` or by its AWS name. */
export function regionReference(): ScalarType<string> {
  const form = `${REGION_CODE.source}|${REGION_NAME.source}`;
  return text({ title: 'a Region', pattern: form, examples: ['use1'] }, (value) => {
    if (REGION_CODE.test(value) || REGION_NAME.test(value)) return value;
    const fix = 'use a code from regions: in fleet.yaml (use1) or the name of a Region (us-east-1)';
    return new Rejection('invalid-name', 'is neither a Region code nor the name of a Region', fix);
  });
}

/** Name of an AWS Region. Whether it exists is checked elsewhere. */
export function regionName(known: readonly string[]): ScalarType<string> {
  return text({ title: 'an AWS Region', pattern: REGION_NAME.source, examples: ['us-east-1'] }, (value) => {
    if (REGION_NAME.test(value)) return value;
    const fix = `${didYouMean(value, known)}use the name of an AWS Region, such as us-east-1`;
    return new Rejection('invalid-name', 'is not the name of an AWS Region', fix);
  });
}

/** A DNS name of at least two labels in lower case, without a trailing dot. */
export function dnsName(title: string, example: string): ScalarType<string> {
  const form = /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
  return text({ title, pattern: form.source, maxLength: 253, examples: [example] }, (value) => {
    if (value.endsWith('.')) return new Rejection('invalid-dns-name', 'ends in a dot', 'remove the dot at the end');
    if (value.length <= 253 && form.test(value)) return value;
    return new Rejection('invalid-dns-name', 'is not a DNS name', `use lower-case labels and dots, such as ${example}`);
  });
}

function nameRejection(value: string, title: string, example: string): Rejection {
  const lower = value.toLowerCase().replace(/[_.\s]+/g, '-');
  const hint = LABEL.test(lower) && lower !== value && !lower.includes('--') ? `did you mean "${lower}"? ` : '';
  const fix = `${hint}use lower-case letters, digits and single hyphens, the first a letter: ${example}`;
  return new Rejection('invalid-name', `is not ${title}`, fix);
}

function reserved(why: string): Rejection {
  return new Rejection('reserved-name', 'is a reserved name', `choose another one: ${why}`);
}
