import type { SwitchReading, Switches, SwitchWrite } from '../../ports';
import { evacuatedToken, inServiceToken, switchKey } from '../../topology/names';
import type { LabAccess } from './access';

interface StoredObject {
  readonly body: string;
  readonly etag: string;
}

/** The switch objects of the control Regions, in the same bytes as on AWS: the lab's checkers look for the same marker. */
export function labSwitches(access: LabAccess): Switches {
  return {
    read: async (region, _bucket, stamp) => {
      const place = { service: 's3', region, call: 'GetObject' };
      const object = await access.read<StoredObject | null>(
        access.region(region, place).rpc,
        's3.get',
        { key: switchKey(stamp) },
        place,
      );
      return object === null ? { state: 'in-service', token: 0 } : { ...reading(stamp, object.body), etag: object.etag };
    },
    write: async (write) => {
      const { region, stamp, etag, guard } = write;
      const place = { service: 's3', region, call: 'PutObject' };
      const { rpc } = access.region(region, place);
      const seen = await access.read<StoredObject | null>(rpc, 's3.get', { key: switchKey(stamp) }, place);
      if (seen !== null && reading(stamp, seen.body).token > guard.token) return 'conflict';
      return access.change(rpc, 's3.put', { key: switchKey(stamp), body: bodyOf(write), etag }, place, guard);
    },
  };
}

function bodyOf({ stamp, state, reason, time, guard: { token, operator, operation } }: SwitchWrite): string {
  const marker = state === 'evacuated' ? evacuatedToken(stamp) : inServiceToken(stamp);
  return `{${marker},${JSON.stringify({ token, operator, operation, reason, time }).slice(1)}`;
}

function reading(stamp: string, body: string): SwitchReading {
  const { token = 0, ...rest } = JSON.parse(body) as Partial<SwitchReading>;
  const { operator, reason, time } = rest;
  return {
    state: body.includes(evacuatedToken(stamp)) ? 'evacuated' : 'in-service',
    token,
    ...(operator !== undefined && { operator }),
    ...(reason !== undefined && { reason }),
    ...(time !== undefined && { time }),
  };
}
