import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
  RDSClient,
} from '@aws-sdk/client-rds';
import { type CallPlace, type Guard, PortError } from '../../../ports';
import type { AwsAccess } from '../../call/access';
import { orAbsent } from '../absent';

/** A cluster with its instances, as RDS describes them. */
export interface FoundCluster extends DBCluster {
  readonly DBClusterIdentifier: string;
  readonly DBClusterArn: string;
}

/** What every part of the Aurora adapter asks RDS. */
export class RdsApi {
  public constructor(private readonly access: Pick<AwsAccess, 'caller' | 'clients' | 'owners'>) {}

  /** @throws PortError */
  public async global(region: string, identifier: string): Promise<GlobalCluster | undefined> {
    const command = new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: identifier });
    const found = await orAbsent(
      this.read(region, 'DescribeGlobalClusters', identifier, (client, abortSignal) => client.send(command, { abortSignal })),
    );
    // By name: whoever answers for RDS and does not know the filter answers with all of them.
    return found?.GlobalClusters?.find((each) => each.GlobalClusterIdentifier === identifier);
  }

  /** All global clusters of the account that owns `resource`. @throws PortError */
  public async globals(region: string, resource: string): Promise<GlobalCluster[]> {
    const found: GlobalCluster[] = [];
    let Marker: string | undefined;
    do {
      const command = new DescribeGlobalClustersCommand({ MaxRecords: 100, Marker });
      const page = await this.read(region, 'DescribeGlobalClusters', resource, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      found.push(...(page.GlobalClusters ?? []));
      ({ Marker } = page);
    } while (Marker !== undefined && Marker !== '');
    return found;
  }

  /** @throws PortError */
  public async cluster(region: string, identifier: string): Promise<FoundCluster | undefined> {
    const command = new DescribeDBClustersCommand({ DBClusterIdentifier: identifier });
    const found = await orAbsent(
      this.read(region, 'DescribeDBClusters', identifier, (client, abortSignal) => client.send(command, { abortSignal })),
    );
    const cluster = found?.DBClusters?.find((each) => each.DBClusterIdentifier === identifier);
    const { DBClusterIdentifier, DBClusterArn } = cluster ?? {};
    if (cluster === undefined || DBClusterIdentifier === undefined || DBClusterArn === undefined) return undefined;
    return { ...cluster, DBClusterIdentifier, DBClusterArn };
  }

  /** Instances of a cluster, sorted. @throws PortError */
  public async instances(region: string, cluster: string): Promise<DBInstance[]> {
    const found: DBInstance[] = [];
    let Marker: string | undefined;
    do {
      const command = new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [cluster] }], Marker });
      const page = await orAbsent(
        this.read(region, 'DescribeDBInstances', cluster, (client, abortSignal) => client.send(command, { abortSignal })),
      );
      found.push(...(page?.DBInstances ?? []));
      Marker = page?.Marker;
    } while (Marker !== undefined && Marker !== '');
    return found.sort((a, b) => ((a.DBInstanceIdentifier ?? '') < (b.DBInstanceIdentifier ?? '') ? -1 : 1));
  }

  /** @throws PortError */
  public read<T>(
    region: string,
    call: string,
    resource: string,
    send: (client: RDSClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.access.caller.read(place(region, call), (signal) => send(this.client(region, resource), signal));
  }

  /** @throws PortError */
  public change<T>(
    region: string,
    call: string,
    { resource, guard }: { readonly resource: string; readonly guard: Guard },
    send: (client: RDSClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.access.caller.change(place(region, call), guard, (signal) => send(this.client(region, resource), signal));
  }

  private client(region: string, resource: string): RDSClient {
    return this.access.clients.of(RDSClient, region, this.access.owners.resource(resource));
  }
}

export function place(region: string, call: string): CallPlace {
  return { service: 'rds', region, call };
}

export function invalid(region: string, call: string, message: string): PortError {
  return new PortError('invalid', place(region, call), message);
}

/** Something is on its way and the call has to wait for it. */
export function busy(region: string, call: string, message: string): PortError {
  return new PortError('conflict', place(region, call), message);
}
