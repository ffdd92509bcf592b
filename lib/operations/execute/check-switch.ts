import { controlMember } from '../group-view';
import { attempt } from '../observe/bounded';
import type { Condition } from '../plan';
import type { Look, Moment } from './check';
import type { RunContext } from './context';

/**
 * One reachable control Region is enough to hold an evacuation, so after the write one suffices; before it all have to say so, or the
 * others would never be told. A stamp is back in service only when every named Region says so.
 */
export async function checkSwitch(
  { stamp, state, controls }: Extract<Condition, { is: 'switch' }>,
  { ports, view }: RunContext,
  moment: Moment,
): Promise<Look> {
  const seen = await Promise.all(
    controls.map(async (code) => {
      const member = controlMember(view.fleet, code);
      const read = await attempt(() => ports.switches.read(member.region, member.bucketName, stamp));
      return { code, state: read.ok ? read.value.state : 'unknown' };
    }),
  );
  const right = seen.filter((each) => each.state === state).length;
  const enough = state === 'evacuated' && moment === 'after' ? right > 0 : right === seen.length;
  return { holds: enough && seen.length > 0, saw: seen.map((each) => `${each.code}: ${each.state}`).join(', ') };
}
