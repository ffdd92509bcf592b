import { cidrAround, formatCidr } from '../../cidr';
import { Rejection, pattern, scalar, type ScalarType, text, WRITTEN } from './scalar';

/** An AWS account id. Quotes are needed: as a number it would lose leading zeros. */
export function accountId(): ScalarType<string> {
  const schema = {
    title: 'an account id',
    type: 'string',
    pattern: '^[0-9]{12}$',
    examples: ['111111111111'],
    written: '"111111111111"',
  } as const;
  return scalar(schema, (value) => {
    if (typeof value === 'number') {
      const fix = `put the 12 digits in quotes: "${WRITTEN}"`;
      return new Rejection('needs-quotes', 'is a number, which would lose leading zeros', fix);
    }
    if (typeof value === 'string' && /^[0-9]{12}$/.test(value)) return value;
    return new Rejection('invalid-value', 'is not an AWS account id', 'use the 12 digits of the account, in quotes');
  });
}

/** A hosted zone id: Z and up to 31 letters and digits. */
export function hostedZoneId(): ScalarType<string> {
  return pattern({ title: 'a hosted zone id', examples: ['Z0123456789ABCDEFGHIJ'] }, /^Z[A-Z0-9]{1,31}$/, (value) => {
    const fix = value.startsWith('/hostedzone/')
      ? 'remove "/hostedzone/"'
      : 'use the id that Route 53 shows, such as Z0123456789ABCDEFGHIJ';
    return new Rejection('invalid-value', 'is not a hosted zone id', fix);
  });
}

/** A container image: registry, repository and tag or digest. `{region}` stands for the stamp's own Region. */
export function image(): ScalarType<string> {
  const example = '111111111111.dkr.ecr.{region}.amazonaws.com/shop/web:1.4.2';
  const form = /^[a-zA-Z0-9][a-zA-Z0-9._:/@{}-]{0,511}$/;
  return text({ title: 'an image', pattern: form.source, maxLength: 512, examples: [example] }, (value) => {
    if (!form.test(value)) {
      return new Rejection('invalid-value', 'is not an image', `use registry/repository:tag, such as ${example}`);
    }
    return value;
  });
}

/** Version of a database engine. Quotes are needed: 16.10 would be read as 16.1. */
export function engineVersion(): ScalarType<string> {
  const form = /^[0-9][0-9A-Za-z._-]{0,63}$/;
  return pattern(
    { title: 'an engine version', examples: ['16.8'], written: '"16.8"' },
    form,
    new Rejection('invalid-value', 'is not an engine version', 'use the version as RDS names it, in quotes: "16.8"'),
  );
}

/** An IPv4 CIDR with host bits of zero, in its canonical form. */
export function cidr(example = '10.0.0.0/8'): ScalarType<string> {
  return text({ title: 'a CIDR', pattern: '^[0-9.]+/[0-9]{1,2}$', examples: [example] }, (value) => {
    const range = cidrAround(value);
    if (range === undefined) {
      return new Rejection('invalid-cidr', 'is not an IPv4 CIDR', `use four numbers and a prefix length, such as ${example}`);
    }
    const canonical = formatCidr(range);
    if (canonical === value) return value;
    return new Rejection('invalid-cidr', `has host bits beyond its /${range.prefix}`, `did you mean "${canonical}"?`);
  });
}

/** An absolute address. `https://` unless plain HTTP is allowed too, as for services inside the network. */
export function url(title: string, example: string, schemes: readonly string[] = ['https']): ScalarType<string> {
  const wanted = schemes.map((scheme) => `${scheme}://`).join(' or ');
  return text({ title, pattern: `^(${schemes.join('|')})://`, maxLength: 2048, examples: [example] }, (value) => {
    const parsed = URL.canParse(value) && value.length <= 2048 ? new URL(value) : undefined;
    if (parsed === undefined || !schemes.includes(parsed.protocol.slice(0, -1))) {
      return new Rejection('invalid-value', `is not an ${wanted} address`, `use an address such as ${example}`);
    }
    if (parsed.username !== '' || parsed.password !== '') {
      return new Rejection('invalid-value', 'holds a user name or password', 'keep secrets in Secrets Manager');
    }
    return value;
  });
}
