/** Time to reach an endpoint, in milliseconds. A Region whose packets vanish costs this and not the time-out of the call. */
const CONNECTION_TIMEOUT_MS = 2_000;

/** Credentials as the SDK's clients take them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Asked again by the SDK shortly before what it gave expires. */
export type CredentialProvider = () => Promise<Credentials>;

/** What every client of the SDK is made with. */
export interface ClientSettings {
  readonly region: string;
  /** The SDK repeats nothing: `Caller` does, and only reads. */
  readonly maxAttempts: 1;
  readonly requestHandler: { readonly connectionTimeout: number };
  readonly customUserAgent: string;
  /** S3 behind an endpoint of one's own, which has no name for every bucket. Other clients do not know it. */
  readonly forcePathStyle: boolean;
  /** Endpoints come from AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>, which the SDK reads by itself. */
  readonly credentials?: CredentialProvider;
}

/** A client class of the SDK. */
export type ClientClass<C> = new (settings: ClientSettings) => C;

export interface ClientsOptions {
  /** Credentials for a Region and an account; undefined stands for the SDK's own chain. @default - the SDK's own chain */
  readonly credentials?: (region: string, account: string | undefined) => CredentialProvider | undefined;
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @default stampkit */
  readonly userAgent?: string;
}

/** The SDK's clients, one for each class, Region and account: they keep their connections. */
export class Clients {
  private readonly made = new Map<unknown, Map<string, object>>();

  public constructor(private readonly options: ClientsOptions = {}) {}

  /** @param account whose resources are asked for. @default - the account of the SDK's own credentials */
  public of<C extends object>(Client: ClientClass<C>, region: string, account?: string): C {
    const known = this.made.get(Client) ?? new Map<string, object>();
    this.made.set(Client, known);
    const key = `${region} ${account ?? ''}`;
    const found = known.get(key);
    if (found !== undefined) return found as C;
    const client = new Client(this.settings(region, account));
    known.set(key, client);
    return client;
  }

  /** Closes all connections. */
  public destroy(): void {
    for (const clients of this.made.values()) {
      for (const client of clients.values()) (client as { destroy?: () => void }).destroy?.();
    }
    this.made.clear();
  }

  private settings(region: string, account: string | undefined): ClientSettings {
    const environment = this.options.environment ?? process.env;
    const credentials = this.options.credentials?.(region, account);
    return {
      region,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS },
      customUserAgent: this.options.userAgent ?? 'stampkit',
      forcePathStyle: (environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL ?? '') !== '',
      ...(credentials !== undefined && { credentials }),
    };
  }
}
