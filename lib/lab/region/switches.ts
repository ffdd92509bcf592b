import { createHash } from 'node:crypto';
import { Log } from './store';

interface StoredObject {
  readonly key: string;
  readonly body: string;
  readonly etag: string;
}

/** Objects of a control Region's bucket, with the conditional writes of S3 (aws-facts 15): `If-Match`, and `If-None-Match: *`. */
export class SwitchObjects {
  private readonly objects = new Map<string, StoredObject>();
  private readonly log: Log<StoredObject>;

  public constructor(file: string) {
    this.log = new Log(file);
    for (const object of this.log.read()) this.objects.set(object.key, object);
  }

  public get(key: string): { readonly body: string; readonly etag: string } | undefined {
    return this.objects.get(key);
  }

  /** `conflict`: 412, the object is not the one that the condition names. @param etag undefined: there must be none */
  public put(key: string, body: string, etag: string | undefined): 'written' | 'conflict' {
    if (this.objects.get(key)?.etag !== etag) return 'conflict';
    const object = { key, body, etag: `"${createHash('md5').update(`${Date.now()} ${body}`).digest('hex')}"` };
    this.log.append(object);
    this.objects.set(key, object);
    return 'written';
  }
}
