import type { TenantGroup } from '../../../topology/types';
import { durationText } from '../../../operations/render-plan';
import { renderTable } from '../../terminal';
import { ageText, momentText } from '../times';
import { newestPoint, type VaultReading } from './read-backups';

/** Vaults of a group as a table, newest point first. */
export function renderBackups({ name, objectives }: TenantGroup, vaults: readonly VaultReading[], now: number): string {
  const rows = vaults.map((vault) => [
    vault.stamp,
    vault.region,
    vault.account,
    ...pointCells(vault, now),
    vault.window === undefined ? '-' : momentText(vault.window.from),
    testText(vault, now),
  ]);
  const header = ['STAMP', 'REGION', 'ACCOUNT', 'POINTS', 'NEWEST', 'COPY', 'LOCK', 'TO THE SECOND SINCE', 'RESTORE TEST'];
  const { rpo, rto } = objectives.recovery;
  return `${name}: recovery objective rpo ${durationText(rpo)}, rto ${durationText(rto)}\n\n${renderTable(header, rows)}`;
}

/** Every recovery point, for who has to choose one. */
export function renderPoints(vaults: readonly VaultReading[], now: number): string {
  const points = vaults.flatMap((vault) => vault.points ?? []).sort((a, b) => b.createdAt - a.createdAt);
  if (points.length === 0) return '';
  const rows = points.map((point) => [
    momentText(point.createdAt),
    ageText(now - point.createdAt),
    point.region,
    point.copy ? 'copy' : 'own',
    point.status,
    point.arn,
  ]);
  return `\n${renderTable(['DATA OF', 'AGE', 'REGION', 'KIND', 'STATUS', 'RECOVERY POINT'], rows)}`;
}

function pointCells(vault: VaultReading, now: number): string[] {
  if (vault.points === undefined) return ['?', '?', '?', '?'];
  const newest = newestPoint(vault);
  const copy = newestPoint(vault, true);
  return [
    String(vault.points.filter((point) => point.status === 'completed').length),
    newest === undefined ? 'none' : ageText(now - newest.createdAt),
    copy === undefined ? 'none' : ageText(now - copy.createdAt),
    newest?.lock ?? '-',
  ];
}

export function testText({ lastTest }: Pick<VaultReading, 'lastTest'>, now: number): string {
  if (lastTest === undefined) return 'none seen';
  return `${lastTest.passed ? 'passed' : 'FAILED'} ${ageText(now - lastTest.at)} ago`;
}
