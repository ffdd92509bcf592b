import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_ASSUMPTIONS } from '../../facts/lab-assumptions';
import { PortError, type RecoveryPoint, type RestorableWindow } from '../../ports';
import { call } from '../net/rpc';
import type { BackupPlan, LabPlan, StampPlan } from '../plan/lab-plan';
import { LabTime, sleep } from '../time/lab-time';
import type { Item } from './item';
import type { RegionTables } from './tables';

/** Milliseconds for a copy of a whole database. */
const WORK = 120_000;

/** What a recovery point says about itself, beside its data. */
type Meta = Omit<RecoveryPoint, 'region' | 'vault'>;

/**
 * The backup vaults of a Region: folders with real base backups, or dumps of tables. A scheduled job takes one of each database that lives here and
 * copies it into the vaults of the peers, in their Regions' folders.
 */
export class Vaults {
  private readonly time: LabTime;
  private taken = 0;
  /** What the backup plan of a stamp takes since a cut-over, by stamp. */
  private readonly covered = new Map<string, string>();

  public constructor(
    private readonly plan: LabPlan,
    private readonly region: string,
    private readonly tables: RegionTables,
  ) {
    this.time = new LabTime(plan.speed);
  }

  private folder(region: string, vault: string): string {
    return join(this.plan.folder, 'vaults', region, vault);
  }

  /** Takes the first backup of every database, and then one at every interval of its plan. */
  public async begin(): Promise<void> {
    for (const stamp of this.plan.stamps) {
      const { backup } = stamp;
      if (stamp.region !== this.region || backup === undefined) continue;
      await this.run(stamp, backup);
      void (async () => {
        for (;;) {
          await sleep(Math.min(2 ** 31 - 1, this.time.ms(backup.interval)));
          await this.run(stamp, backup).catch(() => undefined);
        }
      })();
    }
  }

  /** One backup of a stamp's database, with its copies. */
  public async run(stamp: StampPlan, backup: BackupPlan): Promise<Meta | undefined> {
    const resource = this.covered.get(stamp.id) ?? resourceOf(stamp);
    if (resource === undefined) return undefined;
    this.taken += 1;
    // With the Region: a table has one name everywhere, and copies from elsewhere come into the same vault.
    const id = `${resource}-${this.region}-${this.taken}-${Date.now()}`;
    const folder = join(this.folder(this.region, backup.vault), id);
    const half = `${folder}.half`;
    mkdirSync(half, { recursive: true, mode: 0o711 });
    const createdAt = Date.now();
    if (stamp.database.engine === 'aurora') {
      await call(stamp.agent, 'db.backup', { cluster: resource, folder: join(half, 'data') }, { timeoutMs: WORK });
    } else writeFileSync(join(half, 'items.json'), JSON.stringify(await this.tables.all(resource)));
    const meta: Meta = {
      arn: this.arn(this.region, stamp.account, id),
      account: stamp.account,
      resource,
      createdAt,
      status: 'completed',
      copy: false,
      lock: backup.lock,
      expiresAt: createdAt + this.time.ms(backup.retention),
    };
    writeFileSync(join(half, 'meta.json'), JSON.stringify(meta));
    // Whole or not there.
    renameSync(half, folder);
    for (const { region, vault } of backup.copies) {
      const target = join(this.folder(region, vault), id);
      const halfCopy = `${target}.half`;
      mkdirSync(this.folder(region, vault), { recursive: true, mode: 0o711 });
      cpSync(folder, halfCopy, { recursive: true });
      writeFileSync(
        join(halfCopy, 'meta.json'),
        JSON.stringify({ ...meta, arn: this.arn(region, stamp.account, id), copy: true }),
      );
      renameSync(halfCopy, target);
    }
    return meta;
  }

  /** From now on the backup plan of a stamp takes this. */
  public cover(stamp: string, resource: string): void {
    this.covered.set(stamp, resource);
  }

  /** Stamp of this Region whose backup plan takes a resource. */
  public coveredBy(resource: string): string | undefined {
    const own = this.plan.stamps.filter(({ region, backup }) => region === this.region && backup !== undefined);
    return own.find((stamp) => (this.covered.get(stamp.id) ?? resourceOf(stamp)) === resource)?.id;
  }

  private arn(region: string, account: string, id: string): string {
    return `arn:aws:backup:${region}:${account}:recovery-point:${id}`;
  }

  /** Newest first. What has expired is removed. */
  public points(vault: string): RecoveryPoint[] {
    const folder = this.folder(this.region, vault);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .flatMap((id): RecoveryPoint[] => {
        const file = join(folder, id, 'meta.json');
        if (id.endsWith('.half') || !existsSync(file)) return [];
        const meta = JSON.parse(readFileSync(file, 'utf8')) as Meta;
        if ((meta.expiresAt ?? Infinity) >= Date.now()) return [{ ...meta, region: this.region, vault }];
        rmSync(join(folder, id), { recursive: true, force: true });
        return [];
      })
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Folder of a recovery point. @throws PortError `not-found` */
  public find(vault: string, arn: string): string {
    const folder = join(this.folder(this.region, vault), arn.split(':').at(-1) ?? '');
    if (existsSync(join(folder, 'meta.json'))) return folder;
    throw new PortError('not-found', { service: 'backup', region: this.region, call: 'StartRestoreJob' }, `there is no ${arn}`);
  }

  /** The newest backup of a resource that is not younger than a moment, in any vault of this Region. @throws PortError `not-found` */
  public before(resource: string, at: number): string {
    const base = this.own(resource).find(({ createdAt }) => createdAt <= at);
    if (base === undefined) {
      throw new PortError(
        'not-found',
        { service: 'backup', region: this.region, call: 'StartRestoreJob' },
        `nothing of ${resource} is that old`,
      );
    }
    return this.find(base.vault, base.arn);
  }

  /** What a continuous backup reaches: from the oldest base on, until what is archived by now. */
  public window(resource: string): RestorableWindow | undefined {
    const oldest = this.own(resource).at(-1);
    if (oldest === undefined) return undefined;
    const to = Date.now() - this.time.ms(LAB_ASSUMPTIONS.pitrDelay.typical);
    return { region: this.region, resource, from: oldest.createdAt, to: Math.max(oldest.createdAt, to) };
  }

  private own(resource: string): RecoveryPoint[] {
    const vaults = new Set(
      this.plan.stamps.filter(({ region }) => region === this.region).flatMap(({ backup }) => backup?.vault ?? []),
    );
    return [...vaults]
      .flatMap((vault) => this.points(vault))
      .filter((point) => point.resource === resource && !point.copy)
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Items of a dump. */
  public items(folder: string): Item[] {
    return JSON.parse(readFileSync(join(folder, 'items.json'), 'utf8')) as Item[];
  }
}

function resourceOf({ database }: StampPlan): string | undefined {
  switch (database.engine) {
    case 'aurora':
      return database.cluster;
    case 'dynamodb':
      return database.table;
    case 'none':
      return undefined;
  }
}
