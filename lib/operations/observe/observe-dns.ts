import type { OperationPorts } from '../../ports';
import { compareText } from '../../order';
import type { GroupView } from '../group-view';
import type { DnsObservation } from '../observation';

/** Which stamps the group's name leads to, vantage point by vantage point: its addresses compared with each stamp's own. */
export async function observeDns(ports: Pick<OperationPorts, 'dns'>, { group }: GroupView): Promise<DnsObservation[]> {
  const [answers, ...own] = await Promise.all([
    ports.dns.answers(group.recordName),
    ...group.stamps.map((stamp) => ports.dns.answers(stamp.values.recordName)),
  ]);
  const owners = new Map<string, string>();
  group.stamps.forEach((stamp, at) => {
    for (const answer of own[at] ?? []) for (const address of answer.addresses) owners.set(address, stamp.id);
  });
  // A stamp whose own name nobody could resolve may be the one that an unknown address belongs to.
  const unresolved = group.stamps.filter((_stamp, at) => own[at]?.every((answer) => answer.error !== undefined) !== false);
  return answers.map(({ vantage, authoritative, addresses, error }) => {
    const unknown = addresses.some((address) => !owners.has(address));
    const [first] = unknown ? unresolved : [];
    const silence =
      error ?? (first === undefined ? undefined : `${first.values.recordName} could not be resolved to compare with`);
    return {
      vantage,
      authoritative,
      stamps:
        silence === undefined ? [...new Set(addresses.flatMap((address) => owners.get(address) ?? []))].sort(compareText) : [],
      foreign: silence === undefined && unknown,
      ...(silence !== undefined && { error: silence }),
    };
  });
}
