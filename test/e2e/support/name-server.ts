import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import DNS from 'dns2';
import type { ParsedFleet } from '../../../lib/assembly/parsed-fleet';
import { readFleet } from '../../../lib/assembly/parse-fleet';
import { answer, type CheckState, fleetZones, HealthView, indexZone, stampState } from '../../../lib/resilience/dns';

/**
 * The fleet's zone on loopback: the records of the templates, answered by the model of Route 53. Its switch checks read what lies in the
 * deployed buckets and look for the string that the deployed check looks for.
 */
export class NameServer {
  /** Ids of stamps that nobody reaches. */
  public readonly down = new Set<string>();
  private readonly fleet: ParsedFleet;
  private readonly server;

  public constructor(
    assembly: string,
    private readonly zone: { readonly hostedZoneId: string; readonly name: string },
  ) {
    this.fleet = readFleet(assembly);
    this.server = DNS.createUDPServer((request, send) => {
      void this.reply(request).then(send, (error: unknown) => process.stderr.write(`name server: ${String(error)}\n`));
    });
  }

  /** @returns address and port, as STAMPKIT_RESOLVERS takes them */
  public async start(): Promise<string> {
    await this.server.listen(0, '127.0.0.1');
    return `127.0.0.1:${this.server.address().port}`;
  }

  public stop(): void {
    this.server.close();
  }

  /** Addresses that stand for load balancers, in their order. */
  private addressOf(loadBalancer: string): string | undefined {
    const at = this.fleet.loadBalancers.findIndex(
      ({ dnsName }) => loadBalancer.replace(/^dualstack\./, '').replace(/\.$/, '') === dnsName,
    );
    return at < 0 ? undefined : `192.0.2.${at + 1}`;
  }

  private async reply(request: DNS.Packet): Promise<DNS.Packet> {
    const response = DNS.Packet.createResponseFromRequest(request);
    const [question] = request.questions;
    if (question === undefined || question.type !== DNS.Packet.TYPE.A) return response;
    const state = stampState(this.fleet, { down: [...this.down] });
    const checks = { ...state.checks, ...(await this.switchChecks()) };
    const view = new HealthView(indexZone(fleetZones(this.fleet, [this.zone])), { ...state, checks });
    const { answers } = answer(
      view,
      { name: question.name, client: { region: 'us-east-1', ednsSubnet: true } },
      { explain: false },
    );
    response.header.aa = 1;
    for (const { alias } of answers) {
      const address = alias === undefined ? undefined : this.addressOf(alias);
      const record = { name: question.name, type: DNS.Packet.TYPE.A, class: DNS.Packet.CLASS.IN, ttl: 60, address };
      if (address !== undefined) response.answers.push(record as unknown as DNS.Packet.Resource);
    }
    return response;
  }

  private async switchChecks(): Promise<Record<string, CheckState>> {
    const checks = this.fleet.healthChecks.filter(({ watches }) => watches?.kind === 'switch');
    const states = checks.map(async ({ Id, HealthCheckConfig: config }): Promise<[string, CheckState]> => {
      const [, Bucket, region] = /^(.+)\.s3\.([a-z0-9-]+)\.amazonaws\.com$/.exec(config.FullyQualifiedDomainName ?? '') ?? [];
      const body = await objectText(region ?? '', Bucket ?? '', (config.ResourcePath ?? '/').slice(1));
      return [Id, { kind: 'endpoint', passes: body.slice(0, 5120).includes(config.SearchString ?? '?') }];
    });
    return Object.fromEntries(await Promise.all(states));
  }
}

/** What a checker reads there; nothing when there is no object. */
export async function objectText(region: string, Bucket: string, Key: string): Promise<string> {
  try {
    const { Body } = await new S3Client({ region, forcePathStyle: true }).send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return '';
    throw error;
  }
}
