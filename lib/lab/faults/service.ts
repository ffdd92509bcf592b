import { get } from 'node:http';
import { call } from '../net/rpc';
import type { FaultAction, FaultWorld, RequestOf } from './fault-actions';
import { notFound, stampOf } from './losses';

/** The health answer of a stamp is not true. */
export function healthLie(world: FaultWorld, { stamp: id, says }: RequestOf<'health-lie'>): FaultAction {
  const { agent } = stampOf(world, id);
  return {
    start: () => call(agent, 'lie', { says }),
    check: async () => {
      const { status } = await call<{ status: string }>(agent, 'health');
      return { holds: status === says, evidence: `the stamp says ${status}` };
    },
    end: () => call(agent, 'lie', { says: null }),
  };
}

/** Clients ask more often. */
export function trafficSurge({ plan }: FaultWorld, { factor, population }: RequestOf<'traffic-surge'>): FaultAction {
  const { clients } = plan.internet;
  let runs = 0;
  return {
    start: async () => {
      runs = await call<number>(clients, 'surge', { factor, population });
      if (runs === 0) throw notFound('load that could surge');
    },
    check: () => Promise.resolve({ holds: runs > 0, evidence: `${runs} runs ask ${factor} times as often` }),
    end: async () => {
      await call(clients, 'surge', { factor: 1, population });
    },
  };
}

/** A release whose health path is fine and whose every other answer is an error: no check of a task finds it. */
export function badDeployment(world: FaultWorld, { stamp: id }: RequestOf<'bad-deployment'>): FaultAction {
  const { agent, edge } = stampOf(world, id);
  return {
    start: () => call(agent, 'deploy', { broken: true }),
    check: async () => {
      const { state } = await call<{ state: string }>(agent, 'rollout');
      const status = await new Promise<number>((resolve) => {
        get({ ...edge, path: '/orders', agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        }).on('error', () => {
          resolve(0);
        });
      });
      return { holds: state === 'completed' && status === 500, evidence: `rollout ${state}, a request gets ${status}` };
    },
    end: () => call(agent, 'deploy', { broken: false }),
  };
}
