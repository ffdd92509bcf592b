import { CloudFormationClient, ListStacksCommand, StackStatus } from '@aws-sdk/client-cloudformation';
import {
  GetAccountLimitCommand,
  GetCheckerIpRangesCommand,
  GetHostedZoneLimitCommand,
  NoSuchHostedZone,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { GetServiceQuotaCommand, ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AccountPlace, Quotas } from '../../ports';
import { readerCredentials } from '../deployment/reader-credentials';
import { reading } from './reading';

/** The clients of one account and Region. */
export interface QuotaClients {
  readonly serviceQuotas: Pick<ServiceQuotasClient, 'send'>;
  readonly route53: Pick<Route53Client, 'send'>;
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly ssm: Pick<SSMClient, 'send'>;
  readonly sts: Pick<STSClient, 'send'>;
}

/** Where the CDK's modern bootstrap writes its version. */
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

/** Every state but gone. */
const EXISTING = Object.values(StackStatus).filter((status) => status !== StackStatus.DELETE_COMPLETE);

/**
 * Reads limits from AWS.
 *
 * @param warn hears why a role could not be assumed
 * @param clientsFor makes the clients of a place; tests give fakes. @default - real ones, with the credentials of the look-up role
 */
export function createQuotas(
  warn: (text: string) => void,
  clientsFor: (place: AccountPlace) => Promise<QuotaClients> = clientFactory(warn),
): Quotas {
  return {
    account: (place) =>
      reading(async () => (await (await clientsFor(place)).sts.send(new GetCallerIdentityCommand({}))).Account ?? 'unknown'),
    values: (place, serviceCode, quotaCodes) =>
      reading(async () => quotaValues((await clientsFor(place)).serviceQuotas, serviceCode, quotaCodes)),
    healthChecks: (place) =>
      reading(async () => {
        const { route53 } = await clientsFor(place);
        const { Limit, Count } = await route53.send(new GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' }));
        return { limit: Limit?.Value ?? 0, used: Count ?? 0 };
      }),
    records: (place, hostedZoneId) =>
      reading(async () => {
        const { route53 } = await clientsFor(place);
        const command = new GetHostedZoneLimitCommand({ HostedZoneId: hostedZoneId, Type: 'MAX_RRSETS_BY_ZONE' });
        try {
          const { Limit, Count } = await route53.send(command);
          return { limit: Limit?.Value ?? 0, used: Count ?? 0 };
        } catch (error) {
          if (error instanceof NoSuchHostedZone) return undefined;
          throw error;
        }
      }),
    stacks: (place) => reading(async () => stackNames((await clientsFor(place)).cloudFormation)),
    bootstrapVersion: (place) =>
      reading(async () => {
        const { ssm } = await clientsFor(place);
        try {
          const { Parameter } = await ssm.send(new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER }));
          return Number(Parameter?.Value ?? 0);
        } catch (error) {
          if (error instanceof ParameterNotFound) return undefined;
          throw error;
        }
      }),
    checkerRanges: (place) =>
      reading(async () => {
        const { route53 } = await clientsFor(place);
        const { CheckerIpRanges } = await route53.send(new GetCheckerIpRangesCommand({}));
        return CheckerIpRanges ?? [];
      }),
  };
}

/** The whole list at once, which is one call for most services; what it leaves out, or when it is refused, one by one. */
async function quotaValues(
  client: QuotaClients['serviceQuotas'],
  serviceCode: string,
  quotaCodes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  try {
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListServiceQuotasCommand({ ServiceCode: serviceCode, MaxResults: 100, NextToken }));
      for (const { QuotaCode, Value } of page.Quotas ?? []) {
        if (QuotaCode !== undefined && Value !== undefined && quotaCodes.includes(QuotaCode)) found.set(QuotaCode, Value);
      }
      ({ NextToken } = page);
    } while (NextToken !== undefined);
  } catch (error) {
    if (isDenied(error)) throw error;
  }
  for (const QuotaCode of quotaCodes.filter((code) => !found.has(code))) {
    try {
      const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: serviceCode, QuotaCode }));
      if (Quota?.Value !== undefined) found.set(QuotaCode, Quota.Value);
    } catch (error) {
      // Never changed and without a default of its own (aws-facts 8.3): the table's default stays.
      if (error instanceof Error && error.name === 'NoSuchResourceException') continue;
      throw error;
    }
  }
  return found;
}

async function stackNames(client: QuotaClients['cloudFormation']): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStacksCommand({ StackStatusFilter: EXISTING, NextToken }));
    for (const { StackName } of page.StackSummaries ?? []) if (StackName !== undefined) names.add(StackName);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return names;
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && /AccessDenied|UnrecognizedClient|InvalidClientToken|ExpiredToken|Credentials/.test(error.name);
}

function clientFactory(warn: (text: string) => void): (place: AccountPlace) => Promise<QuotaClients> {
  const credentials = readerCredentials(warn);
  const made = new Map<string, Promise<QuotaClients>>();
  return ({ region, lookupRoleArn }) => {
    const key = `${region} ${lookupRoleArn ?? ''}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const clients = credentials(region, lookupRoleArn).then((assumed) => {
      const configuration = { region, maxAttempts: 6, ...(assumed !== undefined && { credentials: assumed }) };
      return {
        serviceQuotas: new ServiceQuotasClient(configuration),
        route53: new Route53Client(configuration),
        cloudFormation: new CloudFormationClient(configuration),
        ssm: new SSMClient(configuration),
        sts: new STSClient(configuration),
      };
    });
    made.set(key, clients);
    return clients;
  };
}
