import type { ServiceAnswer } from '../../health/observation';
import type { HttpGet } from './http-get';
import type { Probe } from './probe';

/** A GET of a dependency's own health URL: 2xx and 3xx are up, as for Route 53 (aws-facts 2.1). The body is not judged. */
export class Dependency implements Probe {
  public constructor(
    private readonly url: string,
    private readonly get: HttpGet,
  ) {}

  public async observe(signal: AbortSignal): Promise<ServiceAnswer> {
    const { status } = await this.get({ url: this.url }, signal);
    return { serving: status >= 200 && status < 400, detail: `HTTP ${status}` };
  }
}
