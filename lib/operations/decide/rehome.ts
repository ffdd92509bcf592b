import { activeStamp, goneRegions, writerStamp } from '../facts';
import { type OperationFinding, refuse } from '../finding-codes';
import { engineOf, type GroupView, stampIn } from '../group-view';
import type { Observation } from '../observation';
import type { OperationRequest } from '../request';
import { healthyStep } from '../steps/traffic-steps';
import { writableStep } from '../steps/aurora-steps';
import { call, step } from '../steps/step';
import type { StampSpec } from '../../topology/types';
import { type Decision, stop } from './decision';
import { noSuchRegion } from './failover-safety';

type Request = Extract<OperationRequest, { operation: 'rehome' }>;

/**
 * A home Region is lost for good, and with it the stack that defined what is global. The data lives on in the surviving stamps; what is
 * left to do is to adopt the definitions into a stack of the new home Region. `lock --rehome` comes first: it decides which Region that
 * is. CloudFormation is not asked by the engine: a person imports, and the plan waits until the stack is there.
 */
export function decideRehome(request: Request, view: GroupView, observation: Observation): Decision {
  const { group } = view;
  const lost = stampIn(view, request.lost);
  if (lost === undefined) return stop(noSuchRegion(view, request.lost));
  const home = group.stamps.find((stamp) => stamp.home);
  const findings: OperationFinding[] = [];
  if (home === undefined || home.id === lost.id) {
    return stop(
      refuse(
        'home-not-moved',
        group.name,
        `the lock still says that ${group.name} is at home in ${lost.regionCode}`,
        `Make the surviving Region the preferred one in groups/${group.name}.yaml, then: stampkit lock --rehome ${group.name} --reason "${request.reason}"`,
      ),
    );
  }
  if (engineOf(view) === 'none')
    return stop(
      refuse('no-database', group.name, `${group.name} has no global definition`, 'lock --rehome was all there is to do'),
    );
  const seen = observation.stamps.find((stamp) => stamp.stamp === lost.id);
  if (seen !== undefined && seen.reach !== 'gone') {
    findings.push(
      refuse(
        'home-still-alive',
        lost.id,
        `${lost.shape.region} answers (${seen.reach}): its stack ${group.names.dataStack} may still define the database`,
        'Two stacks must never define one thing. When the Region is really given up, remove the stack there first; it keeps the data (docs/destroy-and-adopt.md)',
      ),
    );
  }
  if (observation.stamps.find((stamp) => stamp.stamp === home.id)?.reach !== 'reachable') {
    findings.push(
      refuse(
        'target-unreachable',
        home.id,
        `${home.shape.region}, the new home, does not answer on every plane`,
        'Wait until it does: nothing hurries here',
      ),
    );
  }
  const serving = activeStamp(view, observation);
  if (serving === lost.id || serving === undefined) {
    findings.push(
      refuse(
        'failback-first',
        group.name,
        `${serving ?? 'nobody'} serves ${group.name}`,
        `Fail over first: stampkit failover ${group.name} --to ${home.regionCode}`,
      ),
    );
  }
  const region = home.shape.region;
  const stack = group.names.dataStack;
  const aurora = engineOf(view) === 'aurora';
  const writer = writerStamp(view, observation);
  const alive = aurora ? writableStep(view, writer ?? home.id, []) : healthyStep(view, home.id, 'any', []);
  const adopt = step({
    id: `adopt:${stack}`,
    title: `Import ${aurora ? group.names.globalCluster : group.names.table} into ${stack} in ${region}`,
    after: [alive.id],
    action: {
      do: 'by-hand',
      commands: [
        `npx cdk synth ${stack}`,
        `scripts/import-mapping.sh ${stack} --out mapping.json`,
        `npx cdk import ${stack} --resource-mapping mapping.json`,
      ],
    },
    postcondition: [{ is: 'stack', region, stack }],
    timeout: 14_400,
    calls: [call('cloudformation', region, 'regional-control')],
    expected: { typical: 900, pessimistic: 3600 },
  });
  return {
    kind: 'go',
    variant: aurora ? 'global-cluster' : 'global-table',
    reasons: [`${request.lost} is lost; ${home.id} is home now`],
    steps: [alive, adopt],
    avoid: [lost.shape.region, ...goneRegions(observation)].filter((each) => each !== region),
    pending: [
      `deploy ${home.values.names.stack}: being home changes its template (docs/deploying.md)`,
      ...(aurora
        ? [
            `remove the lost member from the global cluster once it can no longer come back: aws rds remove-from-global-cluster --region ${region} --global-cluster-identifier ${globalOf(view, observation)} --db-cluster-identifier arn:aws:rds:${lost.shape.region}:${lost.values.account}:cluster:${memberOf(observation, lost)}`,
          ]
        : []),
      `take ${lost.regionCode} out of groups/${group.name}.yaml, or put another Region in its place`,
    ],
    findings,
  };
}

function globalOf({ group }: GroupView, { database }: Observation): string {
  return database.engine === 'aurora' ? database.globalIdentifier : group.names.globalCluster;
}

/** The pointer of a lost Region cannot be read any more: the global cluster knows its member. */
function memberOf({ database }: Observation, lost: StampSpec): string {
  const listed =
    database.engine === 'aurora' ? database.global?.members.find((each) => each.region === lost.shape.region) : undefined;
  return listed?.cluster ?? lost.values.names.databaseCluster;
}
