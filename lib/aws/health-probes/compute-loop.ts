import type { ServiceAnswer, Unknown } from '../../health/observation';
import type { HttpGet } from './http-get';
import type { Probe } from './probe';

export interface ComputeLoopSettings {
  /** DNS name that AWS gave the stamp's own load balancer. */
  readonly loadBalancerDnsName: string;
  /** The stamp's own name, which the certificate is for. */
  readonly recordName: string;
  /** Health path of the application. */
  readonly healthPath: string;
}

/**
 * The loop that users take: out through the NAT gateway, in through the stamp's own load balancer, to a task and back.
 * It connects to the load balancer's own name, so that the verdict does not depend on the DNS records that it steers.
 */
export class ComputeLoop implements Probe {
  public constructor(
    private readonly settings: ComputeLoopSettings,
    private readonly get: HttpGet,
  ) {}

  public async observe(signal: AbortSignal): Promise<ServiceAnswer | Unknown> {
    const { loadBalancerDnsName, recordName, healthPath } = this.settings;
    const { status, headers } = await this.get(
      { url: `https://${recordName}${healthPath}`, connectTo: loadBalancerDnsName },
      signal,
    );
    // Refused by the web ACL (403, or 429 of its rate limits), not by a task: that says nothing about the tasks, and one rule
    // shipped to all stamps must not fail all of them (R5). A 403 of a task names its own server.
    if (status === 429 || (status === 403 && String(headers.server ?? '').startsWith('awselb/'))) {
      return { unknown: `the probe was refused: HTTP ${status} on ${healthPath}` };
    }
    return { serving: status >= 200 && status < 300, detail: `HTTP ${status} on ${healthPath} through the load balancer` };
  }
}
