import { get } from 'node:http';
import {
  type CallPlace,
  type Dns,
  type DnsAnswer,
  type HealthReading,
  PortError,
  type Probes,
  type RoutingEvidence,
} from '../../ports';
import type { ResourceRecordSet } from '../../assembly/route53-types';
import { askDns, clientSubnet } from '../internet/dns-servers';
import type { Endpoint } from '../net/endpoint';
import type { LabAccess } from './access';

/** Milliseconds. */
const DIRECT_TIMEOUT = 3000;

/** The health function by invoke, and the health path as a user asks for it. */
export function labProbes(access: LabAccess): Probes {
  return {
    health: async ({ id, region }) => {
      const place = { service: 'lambda', region, call: 'Invoke' };
      const { status, role, writable, replicationLagSeconds, reasons } = await access.read<HealthReading>(
        access.stamp(id, place).agent,
        'health',
        {},
        place,
      );
      return { status, role, writable, reasons, ...(replicationLagSeconds !== undefined && { replicationLagSeconds }) };
    },
    direct: async ({ id, region, healthPath }) => {
      const place = { service: 'https', region, call: 'GET' };
      return { httpStatus: await statusOf(access.stamp(id, place).edge, healthPath, place) };
    },
  };
}

function statusOf({ host, port }: Endpoint, path: string, place: CallPlace): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = get({ host, port, path, agent: false, timeout: DIRECT_TIMEOUT }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('timeout', () => {
      asked.destroy();
      reject(new PortError('timeout', place, `no answer within ${DIRECT_TIMEOUT} ms`));
    });
    asked.on('error', (error) => {
      reject(new PortError('unreachable', place, error.message));
    });
  });
}

/** Asks the zone's own server and the resolver of every Region. */
export function labDns({ plan: { internet } }: LabAccess): Dns {
  const ask = async (
    vantage: string,
    authoritative: boolean,
    server: Endpoint,
    name: string,
    subnet?: string,
  ): Promise<DnsAnswer> => {
    try {
      const answers = await askDns(server, name, subnet);
      return { vantage, authoritative, addresses: answers.map(({ address }) => address).sort() };
    } catch (error) {
      return { vantage, authoritative, addresses: [], error: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    answers: (name) =>
      Promise.all([
        ask('the zone', true, internet.authority, name, clientSubnet(0)),
        ...internet.resolvers.map(({ region, endpoint }) => ask(`resolver in ${region}`, false, endpoint, name)),
      ]),
  };
}

/** Who holds the PRIMARY record, from the records that the lab runs. */
export function labRouting({ plan: { internet, stamps } }: LabAccess): RoutingEvidence {
  return {
    primaryHolder: (group) => {
      const own = new Set(stamps.filter((stamp) => stamp.group === group).map(({ id }) => id));
      const records = internet.zones.records as readonly (ResourceRecordSet & { readonly leadsTo?: readonly string[] })[];
      const leaders = records.filter(({ Failover }) => Failover === 'PRIMARY').flatMap(({ leadsTo = [] }) => leadsTo);
      return Promise.resolve(leaders.find((id) => own.has(id)));
    },
  };
}
