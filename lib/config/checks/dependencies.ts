import { anyHolds, parseAddress, parseCidrs } from '../../cidr';
import type { Finding } from '../../findings';
import type { GroupConfig, HealthDependency } from '../types';
import { type CheckContext, durationText, groupPlace, memberCodes, repeated, report } from './context';
import { reachesInternet, routedByTransit } from './network';

const LOCAL = parseCidrs(['127.0.0.0/8', '169.254.0.0/16', '0.0.0.0/8']);
const PRIVATE = parseCidrs(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']);

/** What the health function probes beside the stamp's own parts, and how long it waits for the database writer. */
export function checkHealth(group: GroupConfig, context: CheckContext): Finding[] {
  const { dependencies } = group.health;
  const duplicates = repeated(dependencies.map((dependency) => dependency.name)).map(({ item, index }) =>
    report(
      'dependency-name-duplicate',
      groupPlace(group, 'health', 'dependencies', index, 'name'),
      `two dependencies are named "${item}": alarms and drills could not tell them apart`,
      'Rename one of them',
    ),
  );
  const probes = dependencies.flatMap((dependency, index) => checkDependency(group, dependency, index));
  return [...duplicates, ...probes, ...checkWriterGrace(group, context)];
}

function checkDependency(group: GroupConfig, { name, url, shared }: HealthDependency, index: number): Finding[] {
  const where = groupPlace(group, 'health', 'dependencies', index, 'url');
  const parsed = parseUrl(url);
  if (parsed === undefined) {
    const message = `dependency "${name}" has the URL "${url}", which cannot be probed`;
    return [
      report('dependency-url-invalid', where, message, 'Write an absolute URL such as https://payments.example.com/healthz'),
    ];
  }
  const findings: Finding[] = [];
  if (parsed.protocol === 'http:') {
    const message = `dependency "${name}" is probed over http: whoever sits in between can make the stamp look well or ill`;
    findings.push(report('dependency-not-https', where, message, 'Probe it over https'));
  }
  const members = memberCodes(group.placement);
  if (!shared && members.length > 1 && !url.includes('{region}')) {
    const message =
      `every stamp of ${group.group} (${members.join(', ')}) probes ${parsed.hostname} and "${name}" is not marked shared: ` +
      'when it fails, all of them fail at once';
    const shareable = groupPlace(group, 'health', 'dependencies', index, 'shared');
    findings.push(
      report(
        'dependency-not-marked-shared',
        shareable,
        message,
        'Write shared: true, or probe something that only one stamp uses',
      ),
    );
  }
  return [...findings, ...checkReach(group, name, parsed.hostname, where)];
}

function checkReach(group: GroupConfig, name: string, host: string, where: Finding['where']): Finding[] {
  const address = parseAddress(host);
  if (host === 'localhost' || host === '[::1]' || (address !== undefined && anyHolds(LOCAL, address))) {
    const message = `dependency "${name}" at ${host} is the machine of the prober itself, not something the stamp depends on`;
    return [report('dependency-local-address', where, message, 'Write the name under which tasks reach it')];
  }
  if (address !== undefined && anyHolds(PRIVATE, address)) {
    if (routedByTransit(group, address)) return [];
    const message = `dependency "${name}" at ${host} is a private address, and no range of transitCidrs leads there`;
    return [
      report(
        'dependency-private-address',
        where,
        message,
        'Route its range to the transit gateway, or use a name inside the VPC',
      ),
    ];
  }
  if (reachesInternet(group) || group.network.transitCidrs.length > 0) return [];
  const message = `dependency "${name}" at ${host} cannot be reached: egress is endpoints-only and nothing is routed to a transit gateway`;
  return [
    report('dependency-unreachable', where, message, 'Write egress: nat, route it through a transit gateway, or remove it'),
  ];
}

/** A writer that fails over inside its Region is routine: it must not look like the loss of the stamp (design 6). */
function checkWriterGrace(group: GroupConfig, context: CheckContext): Finding[] {
  const { database, failover } = group;
  if (database.engine !== 'aurora-postgresql' && database.engine !== 'aurora-mysql') return [];
  const needed = context.assumed('auroraInRegionFailover').pessimistic;
  if (failover.writerGrace >= needed) return [];
  const message =
    `writerGrace ${durationText(failover.writerGrace)} ends before a writer failover inside the Region does ` +
    `(up to ${durationText(needed)}): a routine event would take the stamp out of service`;
  return [
    report(
      'writer-grace-too-short',
      groupPlace(group, 'failover', 'writerGrace'),
      message,
      `Write ${durationText(needed)} or more`,
    ),
  ];
}

function parseUrl(url: string): URL | undefined {
  const parsed = URL.canParse(url.replaceAll('{region}', 'us-east-1'))
    ? new URL(url.replaceAll('{region}', 'us-east-1'))
    : undefined;
  return parsed !== undefined && ['http:', 'https:'].includes(parsed.protocol) && parsed.hostname !== '' ? parsed : undefined;
}
