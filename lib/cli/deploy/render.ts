import type { DeployPhase } from '../../topology/deploy-order';
import { counted, renderTable } from '../terminal';

/** The order as a table: what runs when, and where. */
export function renderOrder(phases: readonly DeployPhase[]): string {
  const rows = phases.flatMap(({ name, stacks }, index) =>
    stacks.map(({ stackName, account, region }) => [String(index + 1), name, stackName, region, account]),
  );
  const stacks = phases.flatMap((phase) => phase.stacks).length;
  return `${renderTable(['PHASE', 'WHAT', 'STACK', 'REGION', 'ACCOUNT'], rows)}${counted(stacks, 'stack')} in ${counted(phases.length, 'phase')}\n`;
}
