import { type Finding, type FindingPlace, hasErrors, sortFindings } from '../findings';
import { compareText } from '../order';
import { isExcusedByLock, runConfigChecks } from './checks';
import { ConfigPlaces } from './config-places';
import { parseLock } from './lock-file';
import { mergeDefaults } from './merge-defaults';
import { normalizeFleet, normalizeGroup, type Notice, type RegionIndex } from './normalize';
import { FLEET_FILE, LOCK_FILE, readFolder, type TextFile } from './read-folder';
import type { ParsedFleet } from './schema/contract';
import { fleetSchema } from './schema/fleet';
import { groupSchema, NEVER_DEFAULTS } from './schema/group';
import { judge, type SchemaFinding } from './schema-findings';
import type { FleetConfig, FleetLock, GroupConfig } from './types';
import { isMapping, type YamlSource, yamlSource } from './yaml-source';
import type { PlainMapping } from './yaml-value';

/** What a `stamps/` folder says, as far as it could be read, and everything that is wrong with it. */
export interface LoadedConfig {
  /** Present when every file fits its schema, even if checks across files found errors. */
  readonly config?: FleetConfig;
  /** Present when there is a fleet.lock.yaml that could be read. */
  readonly lock?: FleetLock;
  /** Sorted by file, line and column. */
  readonly findings: readonly Finding[];
  /**
   * Adds line and column to a place whose `path` is relative to its own file. A value that comes from `defaults:` is placed
   * there; a path that leads nowhere gets the place of its deepest parent.
   */
  locate(place: FindingPlace): FindingPlace;
}

/**
 * Reads and judges a `stamps/` folder. All findings of all files are collected: those of the schemas, then those of the
 * checks across files, which see the groups that fit the schema.
 *
 * @throws StampError STAMPS_FOLDER_MISSING, STAMPS_FOLDER_NOT_A_FOLDER or STAMPS_FOLDER_UNREADABLE, nothing else
 */
export function loadConfig(directory: string): LoadedConfig {
  const folder = readFolder(directory);
  const places = new ConfigPlaces();
  const loader = new Loader(places);
  loader.add(folder.findings);
  const lock = folder.lock && loader.readLock(folder.lock);
  const fleet = folder.fleet && loader.readFleet(folder.fleet);
  const read = folder.groups.map((file) => loader.readGroup(file, fleet));
  const groups = read.filter((group) => group !== undefined).sort((a, b) => compareText(a.group, b.group));
  const broken = loader.hasErrors((file) => file !== LOCK_FILE);
  const judged = fleet && { ...fleet.config, groups };
  if (judged !== undefined) {
    // A lock that cannot be read is not missing, and none can hold the groups that could not be read.
    const unreadable = loader.hasErrors((file) => file === LOCK_FILE);
    const findings = runConfigChecks(judged, lock).filter(({ where }) => (!broken && !unreadable) || where.file !== LOCK_FILE);
    loader.add(unreadable ? findings.filter((finding) => !isExcusedByLock(finding)) : findings);
  }
  return {
    ...(judged && !broken && { config: judged }),
    ...(lock && { lock }),
    findings: loader.sorted(),
    locate: (place) => places.locate(place),
  };
}

/** fleet.yaml once it fits its schema. */
interface ReadFleet {
  readonly config: Omit<FleetConfig, 'groups'>;
  readonly regions: RegionIndex;
  readonly defaults: PlainMapping;
}

class Loader {
  private readonly findings: Finding[] = [];
  private defaults: PlainMapping = {};

  public constructor(private readonly places: ConfigPlaces) {}

  public add(findings: readonly Finding[]): void {
    this.findings.push(...findings);
  }

  /** Whether anything so far stops the files of a kind from being used. */
  public hasErrors(concerns: (file: string | undefined) => boolean): boolean {
    return hasErrors(this.findings.filter(({ where }) => concerns(where.file)));
  }

  /** Sorted; what many groups inherit from `defaults:` is said once. */
  public sorted(): Finding[] {
    const unique = new Map<string, Finding>();
    for (const finding of this.findings) {
      const placed = { ...finding, where: this.places.locate(finding.where) };
      const { file, line, column } = placed.where;
      const key = JSON.stringify([file, line, column, placed.code, placed.message]);
      if (!unique.has(key)) unique.set(key, placed);
    }
    return sortFindings([...unique.values()]);
  }

  public readLock({ file, text }: TextFile): FleetLock | undefined {
    this.places.addText(file, text);
    const { lock, findings } = parseLock(text, file);
    this.add(findings);
    return lock;
  }

  public readFleet(file: TextFile): ReadFleet | undefined {
    const source = this.read(file);
    if (source === undefined) return undefined;
    this.defaults = isMapping(source.value.defaults) ? source.value.defaults : {};
    this.places.setDefaults(this.defaults);
    const { data, findings } = judge(fleetSchema, source.value);
    this.report(source.file, findings);
    this.judgeDefaults();
    return data === undefined ? undefined : this.normalizeFleet(data);
  }

  /** The group, if it and fleet.yaml fit their schemas. Without a fleet only the group's own file is judged. */
  public readGroup(file: TextFile, fleet: ReadFleet | undefined): GroupConfig | undefined {
    const source = this.read(file);
    if (source === undefined) return undefined;
    const { data, findings } = judge(groupSchema, mergeDefaults(this.defaults, source.value));
    this.report(source.file, findings);
    const named = findings.some(({ path }) => path[0] === 'group') || this.judgeFileName(source);
    if (!named || data === undefined || fleet === undefined) return undefined;
    const notice = this.noticeFor(source.file);
    const before = this.findings.length;
    if ((data.database.engine === 'none' || data.database.engine === 'external') && 'backup' in source.value) {
      const message = `backup has no meaning: the database is ${data.database.engine}, so stampkit keeps nothing to back up`;
      notice('not-applicable', ['backup'], message, 'remove it');
    }
    const group = normalizeGroup(data, fleet.config, fleet.regions, notice);
    return this.findings.length === before ? group : undefined;
  }

  private read({ file, text }: TextFile): YamlSource | undefined {
    this.places.addText(file, text);
    const { source, findings } = yamlSource(text, file);
    if (source !== undefined) this.places.addParsed(file, source.parsed);
    this.add(findings);
    return source;
  }

  private normalizeFleet(data: ParsedFleet): ReadFleet | undefined {
    const before = this.findings.length;
    const { fleet, regions } = normalizeFleet(data, this.noticeFor(FLEET_FILE));
    this.places.setRegions(regions);
    return this.findings.length === before ? { config: fleet, regions, defaults: this.defaults } : undefined;
  }

  private judgeDefaults(): void {
    const shared = Object.fromEntries(Object.entries(this.defaults).filter(([key]) => !NEVER_DEFAULTS.includes(key)));
    const { findings } = judge(groupSchema, shared, { partial: true });
    this.report(FLEET_FILE, findings, ['defaults']);
    for (const key of NEVER_DEFAULTS) {
      if (!(key in this.defaults)) continue;
      const fix = 'move it into the file of the group';
      this.noticeFor(FLEET_FILE)('not-a-default', ['defaults', key], `${key} belongs to one group and cannot be a default`, fix);
    }
  }

  private judgeFileName({ file, value }: YamlSource): boolean {
    const { group } = value;
    if (typeof group !== 'string' || file === `groups/${group}.yaml`) return true;
    const message = `the group "${group}" is in ${file}`;
    this.noticeFor(file)('group-file-name', ['group'], message, `rename the file to groups/${group}.yaml, or the group`);
    return false;
  }

  private noticeFor(file: string): Notice {
    return (code, path, message, fix) => {
      this.findings.push({ code, severity: 'error', where: { file, ...(path && { path }) }, message, fix });
    };
  }

  private report(file: string, findings: readonly SchemaFinding[], prefix: readonly string[] = []): void {
    for (const { code, path, at, message, fix } of findings) {
      const { where, written } = this.places.find({ file, path: [...prefix, ...path] }, at);
      this.findings.push({ code, severity: 'error', where, message: message(written), fix: fix(written) });
    }
  }
}
