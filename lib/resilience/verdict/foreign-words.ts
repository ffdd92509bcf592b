import type { Finding } from '../../findings';
import type { ProofFindingCode } from '../finding-codes';
import { RECORDS_MARK, stackMark } from '../model/names';
import type { GroupModel } from '../model/types';

/**
 * Where a finding points and what it advises when no `stamps/` folder stands behind the assembly: to the objectives file for what that
 * says, otherwise to the stack of the group's records or of the stamp that it speaks of.
 */
interface ForeignWords {
  readonly place: 'objectives' | 'records' | 'stamp';
  /** Keys below the group in the objectives file. @default - those of the finding */
  readonly path?: readonly string[];
  /** @default - that of the finding */
  readonly fix?: string;
}

const WORDS: Readonly<Partial<Record<string, ForeignWords>>> = {
  'availability-violated': { place: 'objectives' },
  'recovery-violated': { place: 'objectives' },
  'usually-unfit': { place: 'records' },
  'evacuation-impossible': {
    place: 'records',
    fix: 'Give each record a calculated check with a part that a person can turn, such as an inverted check on an object in S3 (docs/failover-and-switches.md); where a policy leaves clients without another record, give their area one',
  },
  'control-region-needed': { place: 'records' },
  'control-region-shared': { place: 'records' },
  'fail-open-unfit': { place: 'records' },
  'capacity-after-scale-out': {
    place: 'stamp',
    fix: 'Capacity that runs before the failure needs no control plane: a larger desired and minimum count there',
  },
  'target-group-empty': { place: 'stamp' },
  'target-health-ignored': { place: 'records' },
  'replication-lag-unbounded': {
    place: 'stamp',
    fix: 'rds.global_db_rpo in the writer’s cluster parameters (Aurora PostgreSQL, 20 s or more) makes commits wait instead; its price: while the last replica is lost, nothing can be written until an operator lifts it',
  },
  'replication-lag-price': { place: 'stamp' },
  'probe-shared': { place: 'records' },
  'image-elsewhere': { place: 'stamp', fix: 'Replicate the image, and name the registry of each Region there' },
  'secret-elsewhere': { place: 'stamp', fix: 'Keep the secret in the Region of the tasks that read it' },
  'exit-in-one-zone': { place: 'stamp' },
  'decision-within-notice': { place: 'objectives' },
  'data-not-judged': { place: 'objectives', path: [] },
  'capacity-not-judged': { place: 'objectives', path: [] },
} satisfies Partial<Record<ProofFindingCode, ForeignWords>>;

/** The finding of a group whose objectives come from a file, as somebody without a `stamps/` folder can use it. */
export function inForeignWords(finding: Finding, model: GroupModel, file: string): Finding {
  const { place = 'objectives', path, fix = finding.fix } = WORDS[finding.code] ?? {};
  const named = /⟦(\d+)⟧/.exec(finding.message)?.[1];
  const stack =
    place === 'records' && model.dns.name !== undefined
      ? RECORDS_MARK
      : place === 'stamp' && model.stamps.length > 0
        ? stackMark(Number(named ?? 0))
        : undefined;
  return { ...finding, where: stack === undefined ? objectivesPlace(finding, file, path) : { file: stack }, fix };
}

/** Assumptions stand beside the groups, everything else inside the group's entry. */
function objectivesPlace({ code, where }: Finding, file: string, path: readonly string[] | undefined): Finding['where'] {
  const own = path ?? (code === 'usually-unfit' ? ['record'] : (where.path ?? []));
  return { file, path: own[0] === 'assumptions' ? own : ['groups', '⟦g⟧', ...own] };
}
