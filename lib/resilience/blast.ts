import { compareText } from '../order';
import { type Labels, withNames } from './model/names';
import type { ShapeProof } from './prove-shape';
import type { BlastRadius } from './types';

export interface GroupOfShape {
  readonly labels: Labels;
  readonly tenants: number;
  readonly proof: Pick<ShapeProof, 'model' | 'counts' | 'failures' | 'singles'>;
}

/** What each single failure takes of the whole fleet, before anything responds; the largest share of tenants first. */
export function blastRadius(groups: readonly GroupOfShape[]): readonly BlastRadius[] {
  const tenants = Math.max(1, sum(groups.map((group) => group.tenants)));
  const tasks = Math.max(1, sum(groups.map(({ proof }) => tasksOf(proof))));
  const found = new Map<string, { groups: string[]; tenants: number; tasks: number }>();
  for (const { labels, tenants: own, proof } of groups) {
    const all = tasksOf(proof);
    for (const { failure, clientsTouched, capacityLost } of proof.singles) {
      if (clientsTouched === 0 && capacityLost === 0) continue;
      const id = withNames(failure, labels);
      const entry = found.get(id) ?? { groups: [], tenants: 0, tasks: 0 };
      found.set(id, entry);
      entry.groups.push(labels.group);
      if (clientsTouched > 0) entry.tenants += own;
      entry.tasks += capacityLost * all;
    }
  }
  return [...found]
    .map(([failure, entry]): BlastRadius => ({
      failure,
      groups: entry.groups,
      tenants: entry.tenants,
      tenantShare: round(entry.tenants / tenants),
      capacityShare: round(entry.tasks / tasks),
    }))
    .sort((a, b) => b.tenantShare - a.tenantShare || b.capacityShare - a.capacityShare || compareText(a.failure, b.failure));
}

function tasksOf({ model }: Pick<ShapeProof, 'model'>): number {
  return sum(model.stamps.map(({ minTasks }) => minTasks));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
