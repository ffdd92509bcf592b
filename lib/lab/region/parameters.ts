import { Log } from './store';

export interface StoredParameter {
  readonly name: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
}

/** SSM parameters of a Region: versions grow by one with every write. */
export class Parameters {
  private readonly values = new Map<string, StoredParameter>();
  private readonly log: Log<StoredParameter>;

  /** @param initial what the templates deployed, where nothing is stored yet */
  public constructor(file: string, initial: Readonly<Record<string, string>>) {
    this.log = new Log(file);
    for (const parameter of this.log.read()) this.values.set(parameter.name, parameter);
    for (const [name, value] of Object.entries(initial)) if (!this.values.has(name)) this.put(name, value);
  }

  public get(name: string): StoredParameter | undefined {
    return this.values.get(name);
  }

  public put(name: string, value: string): StoredParameter {
    const stored = { name, value, version: (this.values.get(name)?.version ?? 0) + 1, modifiedAt: Date.now() };
    this.log.append(stored);
    this.values.set(name, stored);
    return stored;
  }
}
