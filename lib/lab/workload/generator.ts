import type { Attempt, AttemptKind, PopulationSpec, WorkloadSpec } from '../../ports';
import type { LabPlan } from '../plan/lab-plan';
import { LabTime, sleep } from '../time/lab-time';
import { type Random, seededRandom } from '../time/random';
import { Client, type Errand } from './client';

/** Load of one run: every client goes on by itself, at its share of the population's rate. */
export class Generator {
  public readonly attempts: Attempt[] = [];
  private readonly factors = new Map<string, number>();
  private stopping = false;
  private numbers: number;
  private readonly work: Promise<unknown>;

  /** @param firstNumber numbers of rows and messages begin after it: a second run of a lab must not write the first one's */
  public constructor(
    private readonly plan: LabPlan,
    private readonly spec: WorkloadSpec,
    firstNumber: number,
    private readonly groupName: string,
  ) {
    this.numbers = firstNumber;
    this.work = Promise.all(
      spec.populations.flatMap((population) =>
        Array.from({ length: population.clients }, (_, client) => this.live(population, client)),
      ),
    );
  }

  public get lastNumber(): number {
    return this.numbers;
  }

  public setRate(factor: number, population?: string): void {
    for (const { name } of this.spec.populations)
      if (population === undefined || population === name) this.factors.set(name, factor);
  }

  public async stop(): Promise<void> {
    this.stopping = true;
    await this.work;
  }

  private async live({ name, region, clients, ratePerSecond }: PopulationSpec, at: number): Promise<void> {
    const { seed = 1, timeoutMs = 2000, keepConnections = true } = this.spec;
    const random = seededRandom(seed, `client ${name} ${at}`);
    const { internet, regions, stamps } = this.plan;
    const resolver = internet.resolvers.find((each) => each.region === region) ?? internet.resolvers[0];
    if (resolver === undefined) throw new Error('the lab has no resolver');
    const byAddress = new Map(stamps.map((stamp) => [stamp.address, { endpoint: stamp.edge, region: stamp.region }] as const));
    const client = new Client({
      population: name,
      client: at,
      name: this.groupName,
      resolver: resolver.endpoint,
      wan: internet.wan,
      locate: (address) => byAddress.get(address),
      time: new LabTime(this.plan.speed),
      timeoutMs,
      keepConnections,
    });
    if (regions.length === 0) return;
    let again: Errand | undefined;
    const pause = (): number => ((clients * 1000) / (ratePerSecond * (this.factors.get(name) ?? 1))) * (0.5 + random());
    await sleep(random() * pause());
    while (!this.stopping) {
      const startedAt = performance.now();
      const errand = again ?? this.errand(random);
      const attempt = await client.attempt(errand);
      this.attempts.push(attempt);
      // What was not done is tried again with its own number: doing it twice does no harm.
      again = attempt.outcome === 'ok' || errand.kind === 'read' ? undefined : errand;
      await sleep(Math.max(5, pause() - (performance.now() - startedAt)));
    }
    client.disconnect();
  }

  private errand(random: Random): Errand {
    const { readShare = 0.3, messageShare = 0.1 } = this.spec;
    const drawn = random();
    const kind: AttemptKind = drawn < readShare ? 'read' : drawn < readShare + messageShare ? 'message' : 'write';
    if (kind === 'read') return { kind };
    this.numbers += 1;
    return { kind, number: this.numbers };
  }
}
