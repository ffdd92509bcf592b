import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { withPreferredRoles } from '../../lib/config/preferred-roles';

const ROLES = { primary: 'usw2', standby: 'use1' };

describe('new preferred roles in the text of a group', () => {
  test('change the two values and nothing else', () => {
    const text = [
      '# the group',
      'group: enterprise # its name',
      'placement:',
      '  mode: active-passive',
      "  primary: 'use1'   # preferred",
      '  standby: usw2',
      '  standbyCapacity: 100% # all of it',
      'tags: {b: 1,   a: 2}',
      '',
    ].join('\r\n');
    expect(withPreferredRoles(text, ROLES)).toBe(
      text.replace("primary: 'use1' ", 'primary: usw2 ').replace('standby: usw2', 'standby: use1'),
    );
  });

  test('in a flow mapping, in any order', () => {
    const text = 'placement: { standby: usw2, mode: active-passive, primary: use1 }\n';
    expect(withPreferredRoles(text, ROLES)).toBe('placement: { standby: use1, mode: active-passive, primary: usw2 }\n');
  });

  test('are written into the file when it inherits them, with its comments kept', () => {
    const text = '# the group\ngroup: enterprise\nplacement:\n  mode: active-passive # two Regions\n';
    const changed = withPreferredRoles(text, ROLES);
    expect(parse(changed)).toEqual({ group: 'enterprise', placement: { mode: 'active-passive', ...ROLES } });
    expect(changed).toContain('# the group\n');
    expect(changed).toContain('# two Regions');
  });

  test('twice is back to the first text, whatever stands around them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('# x', 'a: 1', 'b: {c: [1, 2]}', '', 'd: "é"')), fc.boolean(), (lines, flow) => {
        const placement = flow
          ? ['placement: {primary: use1, standby: usw2}']
          : ['placement:', '  primary: use1', '  standby: usw2'];
        const text = [...new Set([...lines, ...placement])].join('\n');
        const back = withPreferredRoles(withPreferredRoles(text, ROLES), { primary: 'use1', standby: 'usw2' });
        expect(back).toBe(text);
      }),
    );
  });
});
