import type { Cancellation, OperationPorts } from '../ports';
import type { Fleet } from '../topology/types';
import { prepare, type Prepared } from './decide/prepare';
import { execute, type Identity } from './execute/execute';
import type { OperationReport } from './execute/operation-report';
import { highestToken } from './facts';
import { viewOf } from './group-view';
import type { Observation } from './observation';
import { observe, type ObserveOptions } from './observe/observe';
import type { OperationRequest } from './request';

export interface RequestOptions {
  readonly identity: Identity;
  /** Unfinished operation that this one replaces. */
  readonly supersedes?: string;
  /** Why there is to be no lease; only when no replica of the control table answers. */
  readonly breakGlass?: string;
}

export interface Looked extends Prepared {
  readonly observation: Observation;
}

/** observe -> decide -> plan -> safety: what a dry run shows. */
export async function lookAndPrepare(
  ports: OperationPorts,
  fleet: Fleet,
  request: OperationRequest,
  { identity, supersedes, breakGlass }: RequestOptions,
): Promise<Looked> {
  const view = viewOf(fleet, request.group);
  const observation = await observe(ports, view, observeOptions(request));
  const options = {
    now: ports.clock.now(),
    holder: identity.holder,
    ...(supersedes !== undefined && { supersedes }),
    breakGlass: breakGlass !== undefined,
  };
  return { observation, ...prepare(request, view, observation, options, ports.sha256) };
}

/** Carries out what a dry run showed, if it still is what would be decided. Undefined when there is no plan to go with. */
export async function go(
  ports: OperationPorts,
  fleet: Fleet,
  looked: Looked,
  options: RequestOptions & { readonly hash: string; readonly cancellation: Cancellation; readonly patient?: boolean },
): Promise<OperationReport | undefined> {
  const { plan, findings, observation } = looked;
  if (plan === undefined) return undefined;
  return execute(ports, {
    ...options,
    view: viewOf(fleet, plan.group),
    plan,
    findings,
    above: highestToken(observation),
    again: async () => {
      const second = await lookAndPrepare(ports, fleet, plan.request, options);
      return { plan: second.plan, findings: second.findings };
    },
  });
}

function observeOptions(request: OperationRequest): ObserveOptions {
  return request.operation === 'restore' ? { backups: true } : {};
}
