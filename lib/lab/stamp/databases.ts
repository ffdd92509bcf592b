import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Endpoint } from '../net/endpoint';
import type { Handlers } from '../net/rpc';
import type { LabPlan, StampPlan } from '../plan/lab-plan';
import type { CountedRow } from '../workload/count';
import { countRows, damageRows, refusesWrites, setReadOnly } from './postgres/rows';
import { Cluster, type ClusterStatus, type Lag } from './postgres/cluster';
import { PostgresServer, own } from './postgres/server';

/** Where the files and the server of a cluster are, for another member that copies them. */
export interface ClusterPlace {
  readonly data: string;
  readonly endpoint: Endpoint;
}

/** A restore beside live data. */
interface RestoreOrder {
  readonly endpoint: Endpoint;
  /** Data folder of the backup. */
  readonly from: string;
  /** Live cluster whose archive has what came after the backup, and the moment to stop at. */
  readonly source?: string;
  readonly at?: number;
}

/** The PostgreSQL servers of one stamp: its member of the global database, and what restores make beside it. */
export class Databases {
  private readonly clusters = new Map<string, Cluster>();

  public constructor(
    private readonly plan: LabPlan,
    private readonly own: StampPlan,
    /** Document of the stamp's pointer now. */
    private readonly pointer: () => string | undefined,
  ) {
    const { database } = own;
    if (database.engine === 'aurora') this.add(database.cluster, database.endpoint);
  }

  /** The cluster that a pointer's document names, if it is one of this stamp. */
  public byPointer(document: string | undefined): Cluster | undefined {
    if (document === undefined) return undefined;
    const { writer } = JSON.parse(document) as { writer?: string };
    return this.clusters.get(writer?.split('.')[0] ?? '');
  }

  private add(identifier: string, endpoint: Endpoint): Cluster {
    const { database, group, id } = this.own;
    const { folder, databaseUser } = this.plan;
    const home = join(folder, 'databases', id, identifier);
    for (const each of [join(folder, 'databases', id), home, join(home, 'archive')]) {
      mkdirSync(each, { recursive: true, mode: 0o700 });
      own(each, databaseUser);
    }
    const cluster = new Cluster(
      identifier,
      {
        data: join(home, 'data'),
        archive: join(home, 'archive'),
        binaries: this.plan.postgres,
        endpoint,
        password: this.plan.password,
        uid: this.plan.databaseUser,
      },
      { database: database.engine === 'aurora' ? database.name : 'postgres', app: `stamp_app_${group.replaceAll('-', '_')}` },
    );
    this.clusters.set(identifier, cluster);
    return cluster;
  }

  /** Rows of what an old writer kept of itself before it was rebuilt: a copy of it is started for that, and thrown away. */
  private async countKept(cluster: string): Promise<{ rows: readonly CountedRow[]; evidence: string }> {
    const home = dirname(this.of(cluster).server.data);
    const [newest] = readdirSync(home)
      .filter((name) => name.startsWith('unplanned-global-failover-'))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    if (newest === undefined) throw new Error(`${cluster} was never rebuilt after an unplanned failover`);
    const look = `${cluster}-look`;
    const copy = this.clusters.get(look) ?? this.add(look, await this.freeEndpoint());
    try {
      copy.prepareRestore(join(home, newest));
      await copy.server.start();
      return { rows: (await countRows(copy)).rows, evidence: `snapshot ${newest} of ${cluster}` };
    } finally {
      await copy.destroy();
      this.clusters.delete(look);
    }
  }

  /** For a cluster that no template has; the stamp's own address, a port that nobody has. */
  private async freeEndpoint(): Promise<Endpoint> {
    const { host } = this.own.agent;
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return { host, port: typeof address === 'object' && address !== null ? address.port : 0 };
  }

  private of(identifier: string): Cluster {
    const cluster = this.clusters.get(identifier);
    if (cluster === undefined) throw new Error(`${this.own.id} has no cluster ${identifier}`);
    return cluster;
  }

  /** A server of another stamp, of which only files and connections are used. */
  private other({ data, endpoint }: ClusterPlace): PostgresServer {
    const { postgres, password, databaseUser } = this.plan;
    return new PostgresServer({ data, archive: '', endpoint, binaries: postgres, password, uid: databaseUser });
  }

  /** The cluster that tasks use now. */
  private current(): Cluster {
    const cluster = this.byPointer(this.pointer());
    if (cluster === undefined) throw new Error(`the pointer of ${this.own.id} names no cluster of it`);
    return cluster;
  }

  public handlers(): Handlers {
    type Named = { readonly cluster: string };
    return {
      'db.status': async ({ cluster }: Named): Promise<ClusterStatus | null> =>
        (await this.clusters.get(cluster)?.status()) ?? null,
      'db.changing': ({ cluster }: Named) => this.clusters.get(cluster)?.changing ?? false,
      'db.place': ({ cluster }: Named): ClusterPlace => {
        const { server } = this.of(cluster);
        return { data: server.data, endpoint: server.endpoint };
      },
      'db.lag': ({ cluster }: Named): Lag | null => this.clusters.get(cluster)?.lagReading() ?? null,
      'db.pid': ({ cluster }: Named) => this.clusters.get(cluster)?.server.pid ?? null,
      'db.create': ({ cluster }: Named) => this.of(cluster).create(),
      'db.start': ({ cluster }: Named) => this.of(cluster).start(),
      'db.stopSmoothly': ({ cluster }: Named) => this.of(cluster).stopSmoothly(),
      'db.stopHard': ({ cluster }: Named) => this.of(cluster).stopHard(),
      'db.promote': ({ cluster }: Named) => this.of(cluster).promote(),
      'db.follow': ({ cluster, link }: Named & { link: Endpoint }) => this.of(cluster).follow(link),
      'db.rebuild': ({ cluster, link, source, keep }: Named & { link: Endpoint; source: ClusterPlace; keep?: string }) =>
        this.of(cluster).rebuild(this.other(source), link, keep),
      'db.backup': ({ cluster, folder }: Named & { folder: string }) => this.of(cluster).backup(folder),
      'db.restore': async ({ cluster, endpoint, from, source, at }: Named & RestoreOrder) => {
        const made = this.clusters.get(cluster) ?? this.add(cluster, endpoint);
        if (source === undefined || at === undefined) made.prepareRestore(from);
        else {
          const live = this.of(source);
          if (live.server.running) await live.archiveNow();
          made.prepareRestore(from, { at, archive: live.archive });
        }
      },
      'db.finishRestore': ({ cluster }: Named) => this.of(cluster).finishRestore(),
      'db.freeEndpoint': () => this.freeEndpoint(),
      'db.add': ({ cluster, endpoint }: Named & { endpoint: Endpoint }) => {
        if (!this.clusters.has(cluster)) this.add(cluster, endpoint);
      },
      'db.destroy': async ({ cluster }: Named) => {
        await this.clusters.get(cluster)?.destroy();
        this.clusters.delete(cluster);
      },
      'db.current': () => this.current().identifier,
      'db.count': () => countRows(this.current()),
      'db.countOf': async ({ cluster }: Named) => ({ ...(await countRows(this.of(cluster))), evidence: `cluster ${cluster}` }),
      'db.countKept': ({ cluster }: Named) => this.countKept(cluster),
      'db.damage': ({ mode, share }: { mode: 'corrupt' | 'delete'; share: number }) => damageRows(this.current(), mode, share),
      'db.readOnly': ({ full }: { full: boolean }) => setReadOnly(this.current(), full),
      'db.refusesWrites': () => refusesWrites(this.current()),
      'db.onDisk': ({ cluster }: Named) => existsSync(this.of(cluster).server.data),
    };
  }
}
