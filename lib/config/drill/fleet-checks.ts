import type { Finding, Severity } from '../../findings';
import { didYouMean } from '../suggest';
import type { FleetConfig, GroupConfig } from '../types';
import type { DrillFindingCode } from './finding-codes';
import type { DrillSpec } from './types';

type Path = readonly (string | number)[];
type Report = (code: DrillFindingCode, path: Path, message: string, fix: string, severity?: Severity) => void;

/** What is wrong with a drill for this fleet: groups, Regions, stamps and zones that it does not have. */
export function fleetFindings(spec: DrillSpec, file: string, fleet: FleetConfig): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, path, message, fix, severity = 'error') => {
    findings.push({ code, severity, where: { file, path }, message, fix });
  };
  const group = fleet.groups.find(({ group: name }) => name === spec.group);
  if (group === undefined) {
    const names = fleet.groups.map(({ group: name }) => name);
    report(
      'drill-group-unknown',
      ['group'],
      `there is no group "${spec.group}"`,
      `${didYouMean(spec.group, names)}use one of ${names.join(', ')}`,
    );
    return findings;
  }
  const judge = new Judge(fleet, group, report);
  spec.load.populations.forEach(({ near }, index) => {
    judge.anyRegion(near, ['load', 'populations', index, 'near']);
  });
  spec.method.forEach((step, index) => {
    judge.step(step, ['method', index]);
  });
  spec.rollbacks.forEach((step, index) => {
    judge.step(step, ['rollbacks', index]);
  });
  if (spec.targets.includes('aws')) judgeAws(spec, group, report);
  return findings;
}

/** Codes of the Regions in which a group has stamps. */
export function regionsOf({ placement }: GroupConfig): readonly string[] {
  switch (placement.mode) {
    case 'active-passive':
      return [placement.primary, placement.standby];
    case 'active-active':
      return placement.regions;
    case 'single':
      return [placement.region];
  }
}

class Judge {
  private readonly codes: readonly string[];

  public constructor(
    private readonly fleet: FleetConfig,
    private readonly group: GroupConfig,
    private readonly report: Report,
  ) {
    this.codes = regionsOf(group);
  }

  public step(step: DrillSpec['method'][number] | DrillSpec['rollbacks'][number], path: Path): void {
    const { fault, operation, when } = step;
    if (fault !== undefined) {
      if ('region' in fault) this.fleetRegion(fault.region, [...path, 'fault', 'region']);
      if (fault.kind === 'slow-replication') this.region(fault.to, [...path, 'fault', 'to']);
      if (fault.kind === 'region-partition')
        fault.between.forEach((region, index) => {
          this.fleetRegion(region, [...path, 'fault', 'between', index]);
        });
      if ('stamp' in fault) this.stamp(fault.stamp, [...path, 'fault', 'stamp']);
      if (fault.kind === 'az-loss') this.zone(fault.stamp, fault.zone, [...path, 'fault', 'zone']);
    }
    if (operation !== undefined) {
      if (operation.do === 'failover') this.region(operation.to, [...path, 'operation', 'to']);
      if ('stamp' in operation) this.stamp(operation.stamp, [...path, 'operation', 'stamp']);
    }
    if (when !== undefined) {
      if ('stamp' in when) this.stamp(when.stamp, [...path, 'when', 'stamp']);
      if (when.is === 'answered')
        when.stamps.forEach((stamp, index) => {
          this.stamp(stamp, [...path, 'when', 'stamps', index]);
        });
    }
  }

  /** A Region by its AWS name may be one that the fleet does not use: clients are everywhere. */
  public anyRegion(written: string, path: Path): void {
    if (written.includes('-') || this.fleet.regions.some(({ code }) => code === written)) return;
    this.unknownRegion(
      written,
      path,
      this.fleet.regions.map(({ code }) => code),
    );
  }

  private fleetRegion(written: string, path: Path): void {
    if (this.codeOf(written) === undefined)
      this.unknownRegion(
        written,
        path,
        this.fleet.regions.map(({ code }) => code),
      );
  }

  private region(written: string, path: Path): void {
    const code = this.codeOf(written);
    if (code === undefined || !this.codes.includes(code)) this.unknownRegion(written, path, this.codes);
  }

  private stamp(id: string, path: Path): void {
    const ids = this.codes.map((code) => `${this.group.group}-${code}`);
    if (ids.includes(id)) return;
    this.report(
      'drill-stamp-unknown',
      path,
      `${this.group.group} has no stamp "${id}"`,
      `${didYouMean(id, ids)}use one of ${ids.join(', ')}`,
    );
  }

  private zone(stamp: string, zone: string, path: Path): void {
    const code = stamp.slice(stamp.lastIndexOf('-') + 1);
    const region = this.fleet.regions.find((each) => each.code === code);
    if (region === undefined || region.azs.includes(zone)) return;
    this.report('drill-zone-unknown', path, `${stamp} does not use the zone "${zone}"`, `use one of ${region.azs.join(', ')}`);
  }

  private codeOf(written: string): string | undefined {
    return this.fleet.regions.find(({ code, region }) => code === written || region === written)?.code;
  }

  private unknownRegion(written: string, path: Path, codes: readonly string[]): void {
    this.report(
      'drill-region-unknown',
      path,
      `"${written}" is no Region that this drill can name here`,
      `${didYouMean(written, codes)}use one of ${codes.join(', ')}`,
    );
  }
}

function judgeAws(spec: DrillSpec, group: GroupConfig, report: Report): void {
  if (!group.drills.allowed) {
    const message = `the group ${group.group} does not allow drills, so --target aws is refused`;
    report(
      'drill-not-allowed',
      ['targets'],
      message,
      `set drills.allowed in groups/${group.group}.yaml, or write targets: [lab]`,
      'warning',
    );
  }
  const ended = new Set([...spec.method, ...spec.rollbacks].map(({ end }) => end));
  spec.method.forEach(({ id, fault }, index) => {
    if (fault?.kind !== 'data-damage' || ended.has(id)) return;
    report(
      'drill-fault-stays',
      ['method', index, 'fault'],
      `"${id}" damages data: on AWS nothing but a restore mends it`,
      'write targets: [lab], or drill it on a group with made-up data',
      'info',
    );
  });
}
