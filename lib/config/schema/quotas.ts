import { z } from 'zod';
import { QUOTA_KEYS, type QuotaKey, quotaOf } from '../../facts/quotas';
import { didYouMean } from '../suggest';
import { list } from './collections';
import { accountId } from './identifiers';
import { regionReference } from './names';
import { wholeNumber } from './numbers';
import { Rejection, text } from './scalar';

const RAISABLE = QUOTA_KEYS.filter((key) => quotaOf(key).adjustable);

/** A quota that AWS raises, by its key or its code. */
const quotaName = () =>
  text({ title: 'a quota', examples: ['elasticIps', 'L-0263D0A3'] }, (value): QuotaKey | Rejection => {
    const named = QUOTA_KEYS.find((key) => key === value || quotaOf(key).quotaCode === value);
    if (named === undefined) {
      return new Rejection(
        'unknown-option',
        'is no quota that preflight counts',
        `${didYouMean(value, RAISABLE)}use a key of docs/limits.md, or a quota code such as L-0263D0A3`,
      );
    }
    if (quotaOf(named).adjustable) return named;
    return new Rejection('invalid-value', 'is a limit that AWS does not raise', 'leave it out');
  });

/** What AWS raised for this fleet's accounts. Region references are as written. */
export const quotasSchema = list(
  z.strictObject({
    quota: quotaName().meta({ description: 'Key from docs/limits.md, or the code of Service Quotas.' }),
    value: wholeNumber('a number', { min: 0, max: 1_000_000_000 }).meta({ description: 'The value in force.' }),
    account: accountId().optional().meta({ description: 'The account it holds in. By default every account.' }),
    region: regionReference().optional().meta({ description: 'The Region it holds in. By default every Region.' }),
  }),
  { max: 1000 },
);
