import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ServiceAnswer, Unknown } from '../../health/observation';
import { messageOf, type Probe } from './probe';

/**
 * What the load balancer says about its targets, for networks without a way out, where the loop through the load balancer cannot be taken.
 * An error of the API is no evidence about the targets, so it is `unknown`: the load balancing control plane may be down and users served.
 */
export class TargetHealth implements Probe {
  public constructor(
    private readonly targetGroupArn: string,
    private readonly client: Pick<ElasticLoadBalancingV2Client, 'send'>,
  ) {}

  public async observe(signal: AbortSignal): Promise<ServiceAnswer | Unknown> {
    let targets;
    try {
      const answer = await this.client.send(new DescribeTargetHealthCommand({ TargetGroupArn: this.targetGroupArn }), {
        abortSignal: signal,
      });
      targets = answer.TargetHealthDescriptions;
    } catch (error) {
      return { unknown: `the targets' health cannot be read: ${messageOf(error)}` };
    }
    if (targets === undefined) return { unknown: "the targets' health cannot be read: no list in the answer" };
    const healthy = targets.filter((target) => target.TargetHealth?.State === 'healthy').length;
    return { serving: healthy > 0, detail: `${healthy} of ${targets.length} targets healthy` };
  }
}
