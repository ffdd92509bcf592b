import type { FindingPlace } from '../findings';
import { ownerOf } from './merge-defaults';
import type { RegionIndex } from './normalize';
import { FLEET_FILE } from './read-folder';
import { YamlLocator } from './yaml-locator';
import type { YamlSource } from './yaml-source';
import type { PlainMapping } from './yaml-value';

/** Parsed files kept at once: findings come file by file, and fleet.yaml among them. */
const MAX_LOCATORS = 32;

/** Finds the place of any path of the configuration in the texts it was read from. */
export class ConfigPlaces {
  private readonly texts = new Map<string, string>();
  private readonly groups = new Map<string, PlainMapping>();
  private readonly locators = new Map<string, YamlLocator>();
  private defaults: PlainMapping = {};
  private regions: RegionIndex | undefined;

  public addText(file: string, text: string): void {
    this.texts.set(file, text);
  }

  public addGroup({ file, value }: YamlSource): void {
    this.groups.set(file, value);
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
    const found = this.locator(file).locate(path, this.options(at));
    if (found.depth < path.length && this.isInherited(file, path)) {
      return this.find({ file: FLEET_FILE, path: ['defaults', ...path] }, at);
    }
    const { position, written } = found;
    return { where: { ...place, file, line: position.line, column: position.column }, ...(written !== undefined && { written }) };
  }

  private isInherited(file: string, path: readonly (string | number)[]): boolean {
    const group = this.groups.get(file);
    if (group === undefined || !this.texts.has(FLEET_FILE)) return false;
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

  private locator(file: string): YamlLocator {
    const known = this.locators.get(file);
    if (known !== undefined) return known;
    const [oldest] = [...this.locators.keys()].filter((name) => name !== FLEET_FILE);
    if (this.locators.size >= MAX_LOCATORS && oldest !== undefined) this.locators.delete(oldest);
    const locator = new YamlLocator(this.texts.get(file) ?? '');
    this.locators.set(file, locator);
    return locator;
  }
}
