import type { OperationRequest } from '../../lib/operations/request';
import { CancellationSource } from '../../lib/operations/execute/cancellation';
import type { OperationReport } from '../../lib/operations/execute/operation-report';
import { go, lookAndPrepare, type Looked, type RequestOptions } from '../../lib/operations/engine';
import { highestToken } from '../../lib/operations/facts';
import { viewOf } from '../../lib/operations/group-view';
import { observe } from '../../lib/operations/observe/observe';
import { reconcile } from '../../lib/operations/journal/reconcile';
import { resume } from '../../lib/operations/execute/resume';
import type { OperationPorts } from '../../lib/ports';
import type { Fleet, TenantGroup } from '../../lib/topology/types';
import type { FakeAws } from '../fakes/fake-aws';
import { FakeProcess, type ProcessOptions } from '../fakes/world';
import { activeActive, activePassive, builtFleet, DYNAMODB, fleetConfig, group, plainGroup, single } from '../topology/fixtures';

/** One group of every kind that operations tell apart. */
export const FLEET: Fleet = builtFleet(
  fleetConfig({
    groups: [
      group('enterprise', { placement: activePassive('use1', 'usw2', 50) }),
      group('ledger', {
        placement: activePassive('use1', 'usw2'),
        database: { ...DYNAMODB, consistency: 'strong', witness: 'use2' } as never,
      }),
      group('pool', { placement: activeActive(), database: DYNAMODB }),
      plainGroup('tools', { placement: activePassive('use1', 'usw2', 50) }),
      plainGroup('internal', { placement: single() }),
    ],
  }),
);

export function groupOf(name: string, fleet = FLEET): TenantGroup {
  return fleet.groups.find((each) => each.name === name)!;
}

/** An operator at a machine, in front of a fake AWS. */
export class Operator {
  public readonly process: FakeProcess;
  public readonly ports: OperationPorts;
  public cancellation = new CancellationSource();

  public constructor(
    public readonly aws: FakeAws,
    options: ProcessOptions = {},
    wrap: (ports: OperationPorts) => OperationPorts = (ports) => ports,
    disk?: Map<string, string[]>,
  ) {
    this.process = new FakeProcess(aws.world, options, disk);
    this.ports = wrap(aws.ports(this.process));
  }

  public get options(): RequestOptions {
    return { identity: { operator: this.process.name, holder: `${this.process.name}/1` } };
  }

  public look(request: OperationRequest, options: Partial<RequestOptions> = {}): Promise<Looked> {
    return this.aws.world.run(lookAndPrepare(this.ports, this.aws.fleet, request, { ...this.options, ...options }));
  }

  /** Looks, and goes with what it saw, in one breath. */
  public async start(
    request: OperationRequest,
    options: Partial<RequestOptions> & { readonly patient?: boolean } = {},
  ): Promise<OperationReport> {
    const looked = await lookAndPrepare(this.ports, this.aws.fleet, request, { ...this.options, ...options });
    if (looked.plan === undefined || !looked.allowed) {
      throw new Error(
        `refused: ${looked.findings
          .filter((each) => each.severity === 'error')
          .map((each) => `${each.code}: ${each.message}`)
          .join('; ')}`,
      );
    }
    const report = await go(this.ports, this.aws.fleet, looked, {
      ...this.options,
      ...options,
      hash: looked.plan.hash,
      cancellation: this.cancellation,
    });
    return report!;
  }

  public go(
    request: OperationRequest,
    options: Partial<RequestOptions> & { readonly patient?: boolean } = {},
  ): Promise<OperationReport> {
    return this.aws.world.run(this.start(request, options));
  }

  public async startResume(groupName: string, operation: string, breakGlass?: string): Promise<OperationReport> {
    const view = viewOf(this.aws.fleet, groupName);
    const observation = await observe(this.ports, view);
    return resume(this.ports, {
      view,
      operation,
      identity: this.options.identity,
      cancellation: this.cancellation,
      above: highestToken(observation),
      ...(breakGlass !== undefined && { breakGlass }),
    });
  }

  public reconcile(operation: string): Promise<number> {
    const { group } = (JSON.parse(this.process.disk.get(operation)![0]!) as { plan: { group: string } }).plan;
    return reconcile(this.ports, viewOf(this.aws.fleet, group), operation);
  }

  public resume(groupName: string, operation: string): Promise<OperationReport> {
    return this.aws.world.run(this.startResume(groupName, operation));
  }
}

export function outcomes(report: OperationReport): Record<string, string> {
  return Object.fromEntries(report.steps.map((step) => [step.step, step.outcome]));
}

export const REASON = 'use1 is impaired';

export function failover(name = 'enterprise', to = 'usw2', allowDataLoss = false): OperationRequest {
  return { operation: 'failover', group: name, to, reason: REASON, allowDataLoss };
}
