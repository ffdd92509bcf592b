import type { DrillSpec } from '../../config/drill/types';
import { StampError } from '../../errors';
import type { Fleet } from '../../topology/types';

/**
 * Refuses what must not begin on AWS: without `--go`, on a group that does not allow drills, or with a file that is not meant for it.
 *
 * @throws StampError DRILL_NEEDS_GO, DRILL_NOT_ALLOWED, DRILL_NOT_FOR_TARGET, DRILL_GROUP_UNKNOWN
 */
export function guardDrill(
  spec: DrillSpec,
  fleet: Fleet,
  { target, go }: { readonly target: 'lab' | 'aws'; readonly go: boolean },
): void {
  const group = fleet.groups.find(({ name }) => name === spec.group);
  if (group === undefined) throw new StampError('DRILL_GROUP_UNKNOWN', `there is no group ${spec.group}`, 'Run stampkit check');
  if (!spec.targets.includes(target)) {
    throw new StampError(
      'DRILL_NOT_FOR_TARGET',
      `${spec.drill} is for ${spec.targets.join(', ')}, not for ${target}`,
      'Look at targets: in the file',
    );
  }
  if (target === 'lab') return;
  if (!group.drillsAllowed) {
    throw new StampError(
      'DRILL_NOT_ALLOWED',
      `the group ${group.name} does not allow drills on AWS`,
      `Set drills.allowed in groups/${group.name}.yaml`,
    );
  }
  if (!go) {
    throw new StampError(
      'DRILL_NEEDS_GO',
      'a drill on AWS breaks things that users are served by',
      'Give --go when the time is right; --target lab needs none',
    );
  }
}
