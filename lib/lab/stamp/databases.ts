import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../net/endpoint';
import type { Handlers } from '../net/rpc';
import type { LabPlan, StampPlan } from '../plan/lab-plan';
import { Cluster, type ClusterStatus, type Lag } from './postgres/cluster';
import { PostgresServer, own } from './postgres/server';

/** Where the files and the server of a cluster are, for another member that copies them. */
export interface ClusterPlace {
  readonly data: string;
  readonly endpoint: Endpoint;
}

/** The PostgreSQL servers of one stamp: its member of the global database, and what restores make beside it. */
export class Databases {
  private readonly clusters = new Map<string, Cluster>();

  public constructor(
    private readonly plan: LabPlan,
    private readonly own: StampPlan,
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
    for (const each of [join(folder, 'databases', id), join(folder, 'databases', id, identifier)]) {
      mkdirSync(each, { recursive: true, mode: 0o700 });
      own(each, databaseUser);
    }
    const cluster = new Cluster(
      identifier,
      {
        data: join(this.plan.folder, 'databases', id, identifier, 'data'),
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

  private of(identifier: string): Cluster {
    const cluster = this.clusters.get(identifier);
    if (cluster === undefined) throw new Error(`${this.own.id} has no cluster ${identifier}`);
    return cluster;
  }

  /** A server of another stamp, of which only files and connections are used. */
  private other({ data, endpoint }: ClusterPlace): PostgresServer {
    const { postgres, password, databaseUser } = this.plan;
    return new PostgresServer({ data, endpoint, binaries: postgres, password, uid: databaseUser });
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
      'db.add': ({ cluster, endpoint }: Named & { endpoint: Endpoint }) => {
        if (!this.clusters.has(cluster)) this.add(cluster, endpoint);
      },
      'db.destroy': async ({ cluster }: Named) => {
        await this.clusters.get(cluster)?.destroy();
        this.clusters.delete(cluster);
      },
      'db.onDisk': ({ cluster }: Named) => existsSync(this.of(cluster).server.data),
    };
  }
}
