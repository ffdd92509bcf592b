import type { Socket } from 'node:net';
import type { HealthCheckConfig } from '../../assembly/route53-types';
import { type CheckerReport, probePasses } from '../../resilience/dns';
import { sleep } from '../time/lab-time';
import type { LabTime } from '../time/lab-time';
import type { Random } from '../time/random';
import { probe } from './http-probe';

export interface CheckerOptions {
  readonly config: HealthCheckConfig;
  readonly time: LabTime;
  readonly random: Random;
  /** What it has said before the lab began: labs start as fleets that have been running. */
  readonly initially: 'pass' | 'fail';
  /** @throws when nobody answers; stays open while the network drops */
  readonly connect: () => Promise<Socket>;
  /** After every probe that differs from the one before. */
  readonly onProbe: (passes: boolean) => void;
  readonly onVerdict: (verdict: CheckerReport['verdict']) => void;
}

/**
 * A checker in one location: probes, waits its interval after each answer, and turns its verdict after as many equal results in a row as the
 * check's threshold says, in both directions (aws-facts 2.3).
 */
export class Checker {
  private verdict: 'pass' | 'fail';
  private last: boolean;
  private row = 0;
  private stopped = false;

  public constructor(private readonly options: CheckerOptions) {
    this.verdict = options.initially;
    this.last = options.initially === 'pass';
  }

  public async run(): Promise<void> {
    const { config, time, random, connect, onProbe } = this.options;
    const interval = time.ms(config.RequestInterval ?? 30);
    // Checkers do not know of each other: their probes come at any time of the interval.
    await sleep(random() * interval);
    while (!this.stopped) {
      const passes = probePasses(config, await probe(connect, config));
      if (passes !== this.last) onProbe(passes);
      this.count(passes);
      await sleep(interval);
    }
  }

  public stop(): void {
    this.stopped = true;
  }

  private count(passes: boolean): void {
    this.row = passes === this.last ? this.row + 1 : 1;
    this.last = passes;
    const verdict = passes ? 'pass' : 'fail';
    if (this.row < (this.options.config.FailureThreshold ?? 3) || verdict === this.verdict) return;
    this.verdict = verdict;
    this.options.onVerdict(verdict);
  }
}
