import type { FindingPlace } from '../findings';
import { ownerOf } from './merge-defaults';
import type { RegionIndex } from './normalize';
import { FLEET_FILE, GROUPS_FOLDER } from './read-folder';
import type { YamlDocument } from './yaml-document';
import { YamlLocator } from './yaml-locator';
import { yamlSource } from './yaml-source';
import type { PlainMapping } from './yaml-value';

/** Files open at once: findings come file by file, and fleet.yaml among them. */
const MAX_OPENED = 32;
/**
 * Characters of text whose nodes are kept from the first reading, which is a fleet of a thousand stamps. Of the files that come after, most
 * have no findings: those that have are parsed once more.
 */
const MAX_KEPT = 1_000_000;

/** A file that a finding is in. */
interface OpenedFile {
  readonly locator: YamlLocator;
  value?: PlainMapping;
}

/** Finds the place of any path of the configuration in the texts it was read from. */
export class ConfigPlaces {
  private readonly texts = new Map<string, string>();
  private readonly kept = new Map<string, YamlDocument>();
  private keptCharacters = 0;
  private readonly opened = new Map<string, OpenedFile>();
  private defaults: PlainMapping = {};
  private regions: RegionIndex | undefined;

  public addText(file: string, text: string): void {
    this.texts.set(file, text);
  }

  /** What the text of a file was parsed to. */
  public addParsed(file: string, parsed: YamlDocument): void {
    this.keptCharacters += this.texts.get(file)?.length ?? 0;
    if (this.keptCharacters <= MAX_KEPT) this.kept.set(file, parsed);
  }

  public setDefaults(defaults: PlainMapping): void {
    this.defaults = defaults;
  }

  public setRegions(regions: RegionIndex): void {
    this.regions = regions;
  }

  /** The place with line and column; unchanged when it has them already or names no file of the configuration. */
  public locate(place: FindingPlace): FindingPlace {
    return place.line !== undefined ? place : this.find(place, 'value').where;
  }

  /** The place of a key or value, and the value as it is written there. */
  public find(place: FindingPlace, at: 'key' | 'value'): { readonly where: FindingPlace; readonly written?: string } {
    const { file, path = [] } = place;
    if (file === undefined || !this.texts.has(file)) return { where: place };
    const found = this.open(file).locator.locate(path, this.options(at));
    if (found.depth < path.length && this.isInherited(file, path)) {
      return this.find({ file: FLEET_FILE, path: ['defaults', ...path] }, at);
    }
    const { position, written } = found;
    return { where: { ...place, file, line: position.line, column: position.column }, ...(written !== undefined && { written }) };
  }

  private isInherited(file: string, path: readonly (string | number)[]): boolean {
    if (!file.startsWith(`${GROUPS_FOLDER}/`) || !this.texts.has(FLEET_FILE)) return false;
    const opened = this.open(file);
    const group = (opened.value ??= yamlSource(this.texts.get(file) ?? '', file).source?.value ?? {});
    if (ownerOf(this.defaults, group, path) === 'defaults') return true;
    // Another spelling of a Region may be the key that was written.
    return path.some((key, index) =>
      this.spellings(String(key)).some((other) => ownerOf(this.defaults, group, path.with(index, other)) === 'defaults'),
    );
  }

  private options(at: 'key' | 'value') {
    return { at, spellings: (key: string) => this.spellings(key) };
  }

  private spellings(key: string): readonly string[] {
    return this.regions?.spellings(key) ?? [];
  }

  private open(file: string): OpenedFile {
    const known = this.opened.get(file);
    if (known !== undefined) return known;
    const oldest = [...this.opened.keys()].find((name) => name !== FLEET_FILE);
    if (this.opened.size >= MAX_OPENED && oldest !== undefined) this.opened.delete(oldest);
    const opened = { locator: new YamlLocator(this.texts.get(file) ?? '', this.kept.get(file)) };
    this.opened.set(file, opened);
    return opened;
  }
}
