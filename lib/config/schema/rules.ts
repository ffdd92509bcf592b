import type { z } from 'zod';
import type { ConfigFindingCode } from '../finding-codes';
import type { IssueParams } from './scalar';

/** Reports a broken rule at a path inside the mapping. */
export type Report = (code: ConfigFindingCode, path: readonly string[], message: string, fix: string, whole?: 'whole') => void;

/**
 * Adds rules over several keys of a mapping. They run even when single values are wrong, so that all findings come at once:
 * a wrong value reaches them as something of no use, never as the type that is declared.
 *
 * A rule that judges what is *missing* passes `'whole'`: it does not apply to `defaults`, where a part is enough.
 */
export function withRules<T extends z.ZodType<object>>(
  schema: T,
  judge: (value: Partial<z.output<T>>, report: Report) => void,
): T {
  return schema.superRefine(
    (value, context) => {
      const given: unknown = value;
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
      try {
        judge(value, (code, path, message, fix, whole) => {
          const params: IssueParams = { code, fix, sentence: true, ...(whole && { whole: true }) };
          context.addIssue({ code: 'custom', path: [...path], message, params: { ...params } });
        });
      } catch (error) {
        // A wrong value deep inside breaks what the rule may rely on. It has a finding of its own already.
        if (context.issues.length === 0) throw error;
      }
    },
    { when: () => true },
  );
}
