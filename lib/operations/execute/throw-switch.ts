import { isPortError, type SwitchState } from '../../ports';
import { controlMember } from '../group-view';
import type { RunContext } from './context';

/** Rounds of read and conditional write before giving up on a switch that somebody else keeps changing. */
const ATTEMPTS = 5;

/** A switch says that somebody with a higher token was here: this operator is not the one any more. */
export class Fenced extends Error {
  public constructor(
    public readonly stamp: string,
    code: string,
    token: number,
    mine: number,
  ) {
    super(`the switch of ${stamp} in ${code} was written under token ${token}, which is later than ours (${mine})`);
    this.name = 'Fenced';
  }
}

/**
 * Sets one switch in one control Region by compare-and-set: read, refuse a higher token, write over exactly what was read. A lost
 * answer or a lost race is cleared up by reading again.
 *
 * @throws Fenced when a later operator wrote it
 * @throws PortError when the Region does not answer
 */
export async function throwSwitch(
  run: RunContext,
  code: string,
  stamp: string,
  state: SwitchState,
  reason: string,
): Promise<void> {
  const { ports, view } = run;
  const { region, bucketName: bucket } = controlMember(view.fleet, code);
  for (let round = 1; ; round += 1) {
    const found = await ports.switches.read(region, bucket, stamp);
    const guard = run.hold.guard();
    if (found.token > guard.token) throw new Fenced(stamp, code, found.token, guard.token);
    // The right words under an older token stay: the token would only say who confirmed it.
    if (found.state === state) return;
    try {
      const time = new Date(ports.clock.now()).toISOString();
      const result = await ports.switches.write({ region, bucket, stamp, state, reason, time, etag: found.etag, guard });
      if (result === 'written') return;
    } catch (error) {
      if (!isPortError(error) || !error.maybeApplied || round >= ATTEMPTS) throw error;
    }
    if (round >= ATTEMPTS) throw new Error(`the switch of ${stamp} in ${code} changes under our hands`);
  }
}
