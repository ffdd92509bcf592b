import { unbounded } from '../bounds/critical-path';
import type { Bound, Step } from '../bounds/types';
import { stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import { type Answers, NOWHERE, type Routed } from './answers';
import { type LoadState, loadMark } from './load';
import type { Plan } from './plan';
import type { SharedEvaluator, Situation } from './shared-evaluator';
import { databaseAnswers, lostAZone, memberLives, memberOf, stands, unusable, writes } from './stamp-state';
import type { Steps } from './steps';
import { stampAt } from './world';

/** The steps until one client is served again, and what they are in words. */
export class Path {
  public readonly detection: string[] = [];
  public readonly response: string[] = [];
  public readonly notes: string[] = [];
  public operator = false;
  public reduced = false;
  private readonly graph: Step[] = [];
  private obstacle?: string;
  private readonly model: GroupModel;
  private readonly steps: Steps;
  private readonly usual: Routed;
  private readonly first: Routed;
  private readonly last: Routed;

  public constructor(
    private readonly evaluator: SharedEvaluator,
    private readonly situation: Situation,
    private readonly index: number,
    private readonly loads: readonly LoadState[],
  ) {
    this.model = evaluator.model;
    this.steps = evaluator.steps;
    this.usual = situation.usual[index] ?? NOWHERE;
    this.first = situation.first[index] ?? NOWHERE;
    this.last = situation.last[index] ?? NOWHERE;
    this.zones();
    this.writer();
    this.deployments();
    this.movement(evaluator.answers);
    this.operatorPlan();
    this.capacity();
    this.workAndDependencies();
    this.failOpen();
    if (this.operator && this.obstacle === undefined) this.verify();
  }

  public bound(): Bound {
    return this.obstacle === undefined ? this.evaluator.bound(this.graph) : unbounded(this.obstacle, this.graph);
  }

  private get usualStamps(): readonly number[] {
    return this.usual.destinations.map(({ stamp }) => stamp);
  }

  /** Stamps that serve on without one of their zones. */
  private zones(): void {
    const { world } = this.situation;
    for (const stamp of this.usualStamps.filter(
      (index) => stands(this.model, world, index) && lostAZone(this.model, world, index),
    )) {
      if (unusable(this.model, world, stamp)) continue;
      this.add(this.steps.targetDetection(stamp), ...this.steps.zoneRemoval());
      this.detection.push(`target checks of ${stampMark(stamp)}`);
      this.response.push(`${stampMark(stamp)} serves from its other zones`);
    }
  }

  /** A writing instance that is gone while its cluster lives: RDS replaces it inside the Region. */
  private writer(): void {
    const { world } = this.situation;
    const { data } = this.model;
    if (data.kind !== 'aurora' || world.writer === undefined) return;
    const member = memberOf(data, world.writer);
    if (member === undefined || !memberLives(this.model, world, member)) return;
    const mark = stampMark(world.writer);
    const killed = world.lost.writers.has(mark);
    const inLostZone = member.instanceZones.filter((zone) => zone !== null && world.lost.zones.has(zone)).length;
    const anywhere = member.instanceZones.includes(null) && lostAZone(this.model, world, world.writer) ? 1 : 0;
    const hit = Math.max(killed ? 1 : 0, inLostZone, anywhere);
    if (hit === 0) return;
    const left = member.instanceZones.length - Math.max(inLostZone, anywhere) - (killed && inLostZone === 0 ? 1 : 0);
    const replaced = this.steps.assumption(
      left > 0 ? 'writer-failover' : 'writer-recreate',
      'promote',
      left > 0 ? 'auroraInRegionFailover' : 'auroraInRegionRecreate',
      [],
    );
    this.add(replaced, this.steps.assumption('writer-reconnect', 'client', 'databaseReconnect', [replaced.name]));
    this.detection.push('Aurora');
    this.response.push(left > 0 ? `a reader of ${mark} becomes the writer` : `Aurora makes a new writer in ${mark}`);
    if (replaced.pessimistic > this.model.writerGrace && this.model.stamps.length > 1) this.flap(world.writer, replaced.name);
  }

  /** The writer is away for longer than its stamp's check forgives: traffic leaves, and has to come back. */
  private flap(stamp: number, after: string): void {
    const back = this.steps.detection([stamp], [after], 'return-detection');
    if (back === undefined) return;
    this.add(
      back,
      this.steps.propagation(['return-detection'], 'return-propagation'),
      this.steps.ttl(this.usual.ttl, ['return-propagation'], 'return-ttl'),
      this.steps.client([], ['return-ttl'], 'return-client'),
    );
    this.notes.push(
      `the writer may be away for longer than writerGrace (${this.model.writerGrace} s): ${stampMark(stamp)} leaves DNS meanwhile and comes back`,
    );
  }

  private deployments(): void {
    const { world } = this.situation;
    for (const stamp of this.usualStamps.filter((index) => world.lost.deployments.has(stampMark(index)))) {
      const { deployment, launch } = stampAt(this.model, stamp);
      if (deployment.alarmSeconds === undefined) {
        this.operator = true;
        this.obstacle = `no alarm takes back a version that does not work in ${stampMark(stamp)}`;
        continue;
      }
      const alarm = this.steps.fixed({
        name: 'deployment-alarm',
        kind: 'detection',
        seconds: deployment.alarmSeconds,
        because: `the alarms of the deployment need ${deployment.alarmSeconds} s of data`,
        source: `template: alarms of the service of ${stampMark(stamp)}`,
        after: [],
      });
      const seen = this.steps.assumption('metric-delay', 'detection', 'metricDelay', [alarm.name]);
      const back = launch === 'EC2' ? 'ec2ScaleOut' : 'ecsScaleOut';
      this.add(
        alarm,
        seen,
        this.steps.assumption('roll-back', 'scale-out', back, [seen.name], 'tasks of the last good version are healthy again'),
      );
      this.detection.push(`alarms of the deployment in ${stampMark(stamp)}`);
      this.response.push('ECS goes back to the last good version');
    }
  }

  /** Route 53 takes clients elsewhere by itself. */
  private movement(answers: Answers): void {
    const { world } = this.situation;
    const to = this.first.destinations.map(({ stamp }) => stamp);
    const moved = to.join() !== this.usualStamps.join();
    if (!moved || to.length === 0) return;
    const left = this.usualStamps.filter((stamp) => !to.includes(stamp));
    const alive = left.filter((stamp) => !unusable(this.model, world, stamp));
    const better = to.some((stamp) => !unusable(this.model, world, stamp));
    const byChecks = same(answers.in(world, 'checks')[this.index], this.first);
    if (byChecks) {
      const graceful = this.databaseOnly(left);
      const seen = this.steps.detection(left, graceful ? ['writer-grace'] : []);
      if (graceful) this.add(this.steps.grace());
      if (seen !== undefined) this.add(seen);
    } else {
      const [stamp] = left;
      if (stamp !== undefined) {
        this.add(this.steps.targetDetection(stamp, 'detection'), this.steps.elbSync(['detection']));
      }
    }
    this.add(
      this.steps.propagation(['detection', 'elb-status']),
      this.steps.ttl(this.usual.ttl, ['propagation']),
      this.steps.client(alive, ['ttl']),
    );
    this.detection.push(
      byChecks ? `health check of ${marks(left)}` : `targets of ${marks(left)}, as the load balancer counts them`,
    );
    if (better) this.response.push(`Route 53 answers ${marks(to)}`);
  }

  /** The stamp runs, and its check fails for its database alone. */
  private databaseOnly(left: readonly number[]): boolean {
    const { world } = this.situation;
    return left.some((stamp) => stands(this.model, world, stamp) && !databaseAnswers(this.model, world, stamp));
  }

  private operatorPlan(): void {
    const { plan, obstacle, before, world } = this.situation;
    const wrote = this.usualStamps.every((stamp) => writes(this.model, before, stamp));
    const fine = this.first.destinations.every(
      ({ stamp }) => !unusable(this.model, world, stamp) && (!wrote || writes(this.model, world, stamp)),
    );
    if (fine && this.first.destinations.length > 0) return;
    this.operator = true;
    if (plan === undefined) {
      this.obstacle ??= obstacle ?? 'no answer';
      return;
    }
    if (!this.graph.some(({ name }) => name === 'detection')) {
      const seen = this.steps.detection(this.suspects());
      if (seen === undefined) this.notes.push('no check sees it: noticing is all in decisionTime');
      else this.add(seen);
    }
    this.detection.push('an operator');
    this.add(
      this.steps.assumption('decision', 'decision', 'decisionTime', ['writer-grace', 'detection']),
      this.steps.assumption('lease', 'switch', 'leaseWrite', ['decision']),
    );
    if (plan.promote !== undefined) {
      const assumption = plan.promote.how === 'failover' ? 'auroraGlobalFailover' : 'auroraGlobalSwitchover';
      this.add(
        this.steps.assumption('promote', 'promote', assumption, ['lease']),
        this.steps.assumption('reconnect', 'client', 'databaseReconnect', ['promote']),
      );
      this.response.push(`an operator makes ${stampMark(plan.promote.stamp)} the writer (${plan.promote.how})`);
    }
    if (plan.liftLagCap) {
      this.add(this.steps.assumption('lift-lag-cap', 'switch', 'auroraParameterChange', ['lease']));
      this.response.push('an operator takes rds.global_db_rpo off, because no replica is left that could keep it');
    }
    this.switches(plan);
  }

  private switches(plan: Plan): void {
    if (plan.evacuate.length + plan.readmit.length === 0) return;
    this.add(this.steps.assumption('switch-write', 'switch', 'switchWrite', ['lease']));
    if (plan.evacuate.length > 0) this.response.push(`an operator evacuates ${marks(plan.evacuate)}`);
    if (plan.readmit.length > 0) this.response.push(`an operator readmits ${marks(plan.readmit)}`);
    if (same(this.first, this.last)) return;
    // Traffic waits for the switch.
    const left = this.first.destinations.map(({ stamp }) => stamp);
    const alive = left.filter((stamp) => !unusable(this.model, this.situation.world, stamp));
    this.add(
      this.steps.switchDetection(['switch-write']),
      this.steps.propagation(['switch-detection'], 'switch-propagation'),
      this.steps.ttl(this.first.ttl ?? this.usual.ttl, ['switch-propagation'], 'switch-ttl'),
      this.steps.client(alive, ['switch-ttl'], 'switch-client'),
    );
  }

  /** Stamps whose checks would tell a person: those that were answered, else all that are lost. */
  private suspects(): readonly number[] {
    const { world } = this.situation;
    const { lost } = world;
    const hit = (stamp: number): boolean =>
      !lost.blindChecks.has(stampMark(stamp)) &&
      (unusable(this.model, world, stamp) || !databaseAnswers(this.model, world, stamp));
    const usual = this.usualStamps.filter(hit);
    return usual.length > 0 ? usual : this.model.stamps.map((_, index) => index).filter(hit);
  }

  private capacity(): void {
    if (this.obstacle !== undefined) return;
    for (const [at, { stamp, obstacle }] of this.situation.loads.shares.entries()) {
      const state = this.loads[at] ?? 'enough';
      if (state === 'enough' || !this.last.destinations.some((destination) => destination.stamp === stamp)) continue;
      const mark = stampMark(stamp);
      const need = `${mark} is asked for ${loadMark('load', at)} requests/s and has tasks for ${loadMark('ready', at)}`;
      if (state === 'never') {
        const why =
          obstacle === undefined ? `scaling ends at ${loadMark('reachable', at)}` : `no task can start, because ${obstacle}`;
        this.obstacle ??= `${need}; ${why}`;
        continue;
      }
      const out = stampAt(this.model, stamp).launch === 'EC2' ? 'ec2ScaleOut' : 'ecsScaleOut';
      if (this.operator) {
        this.add(this.steps.assumption('raise-minimum', 'scale-out', out, ['lease']));
        this.response.push(`an operator raises the minimum of ${mark}`);
      } else {
        this.add(
          this.steps.assumption('scaling-reaction', 'scale-out', 'scalingReaction', ['client', 'target-detection']),
          this.steps.assumption('scale-out', 'scale-out', out, ['scaling-reaction']),
        );
        this.response.push(`scaling starts tasks in ${mark}`);
      }
      this.notes.push(`capacity only after a scale-out: ${need}`);
    }
  }

  /** What nobody is refused for. */
  private workAndDependencies(): void {
    const { world } = this.situation;
    for (const [stamp, { queue, region }] of this.model.stamps.entries()) {
      if (queue === undefined) continue;
      const mark = stampMark(stamp);
      if (world.lost.queues.has(mark)) {
        this.reduced = true;
        this.notes.push(`background work of ${mark} stops until its queue is back`);
      } else if (world.lost.regions.has(region)) {
        const oldest = queue.oldest === undefined ? '' : ` (accepted in the last ${queue.oldest} s)`;
        this.notes.push(
          `work in the queue of ${mark}${oldest} waits there until ${region} is back, for ${days(queue.retention)} at most`,
        );
      }
    }
    for (const name of [...world.lost.dependencies].sort()) {
      this.reduced = true;
      this.notes.push(`whatever needs ${name} does not work`);
    }
  }

  private failOpen(): void {
    if (!this.first.failOpen) return;
    this.notes.push(
      `no stamp is healthy for Route 53, so it falls open and answers ${marks(this.first.destinations.map(({ stamp }) => stamp))}`,
    );
  }

  private verify(): void {
    const after = this.graph.map(({ name }) => name);
    this.add(this.steps.assumption('verify', 'verify', 'verification', after));
  }

  private add(...steps: readonly Step[]): void {
    for (const step of steps) {
      if (!this.graph.some(({ name }) => name === step.name)) this.graph.push(step);
      else this.keepLonger(step);
    }
  }

  /** Two stamps that do the same at once: the slower one decides. */
  private keepLonger(step: Step): void {
    const at = this.graph.findIndex(({ name }) => name === step.name);
    if ((this.graph[at]?.pessimistic ?? 0) < step.pessimistic) this.graph[at] = step;
  }
}

/** Whether two answers lead to the same stamps. */
function same(a: Routed | undefined, b: Routed | undefined): boolean {
  if (a === b) return true;
  const [to, other] = [a?.destinations ?? [], b?.destinations ?? []];
  return (
    to.length === other.length &&
    to.every(({ stamp, probability }, index) => stamp === other[index]?.stamp && probability === other[index].probability)
  );
}

function marks(stamps: readonly number[]): string {
  return stamps.length === 0 ? 'no stamp' : stamps.map(stampMark).join(' and ');
}

function days(seconds: number): string {
  return seconds % 86_400 === 0 ? `${seconds / 86_400} d` : `${seconds} s`;
}
