import type { ProbeOutcome } from '../../health/observation';
import { messageOf, type Clock, type Probe } from '../../aws/health-probes/probe';

/** Milliseconds one probe gets. */
const PROBE_DEADLINE_MILLISECONDS = 1000;
/** Milliseconds all probes together get: with Lambda's own overhead the answer still leaves within the 2 s of Route 53 (aws-facts 2.3). */
const OVERALL_DEADLINE_MILLISECONDS = 1200;

/**
 * Runs one probe and always resolves, at the latest at its deadline: with its answer, its error, or `late`. A probe that
 * ignores its signal keeps running somewhere; nobody waits for it.
 */
async function runProbe(probe: Probe, milliseconds: number): Promise<ProbeOutcome> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<ProbeOutcome>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'late', milliseconds });
      controller.abort(new Error(`no answer within ${milliseconds} ms`));
    }, milliseconds);
  });
  const observed = (async () => probe.observe(controller.signal))().then(
    (answer): ProbeOutcome => ({ kind: 'answer', answer }),
    (error: unknown): ProbeOutcome => ({ kind: 'error', cause: messageOf(error) }),
  );
  try {
    return await Promise.race([observed, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** All probes at once. The time that starting them took is taken from the later ones, so that all end within the overall deadline. */
export async function gather<Name extends string>(
  probes: Readonly<Record<Name, Probe>>,
  now: Clock,
): Promise<Record<Name, ProbeOutcome>> {
  const started = now();
  const running = (Object.entries(probes) as [Name, Probe][]).map(async ([name, probe]): Promise<[Name, ProbeOutcome]> => {
    const left = OVERALL_DEADLINE_MILLISECONDS - (now() - started);
    return [name, await runProbe(probe, Math.max(1, Math.min(PROBE_DEADLINE_MILLISECONDS, left)))];
  });
  return Object.fromEntries(await Promise.all(running)) as Record<Name, ProbeOutcome>;
}
