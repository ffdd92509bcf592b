import {
  BackupClient,
  DescribeBackupVaultCommand,
  type DescribeBackupVaultCommandOutput,
  GetRestoreJobMetadataCommand,
  GetRestoreTestingPlanCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListRestoreJobsCommand,
  type ListRestoreJobsCommandInput,
  type RecoveryPointByBackupVault,
  type RestoreJobsListMember,
} from '@aws-sdk/client-backup';
import type { CallPlace, Guard } from '../../../ports';
import type { AwsAccess } from '../../call/access';
import { orAbsent } from '../absent';

/** What every part of the backup adapter asks AWS Backup. */
export class BackupApi {
  public constructor(private readonly access: Pick<AwsAccess, 'caller' | 'clients' | 'owners'>) {}

  /** @throws PortError */
  public async vault(region: string, vault: string): Promise<DescribeBackupVaultCommandOutput> {
    const command = new DescribeBackupVaultCommand({ BackupVaultName: vault });
    return this.read(region, 'DescribeBackupVault', vault, (client, abortSignal) => client.send(command, { abortSignal }));
  }

  /** @throws PortError */
  public async points(region: string, vault: string): Promise<RecoveryPointByBackupVault[]> {
    const found: RecoveryPointByBackupVault[] = [];
    let NextToken: string | undefined;
    do {
      const command = new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: vault, MaxResults: 1000, NextToken });
      const page = await this.read(region, 'ListRecoveryPointsByBackupVault', vault, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      found.push(...(page.RecoveryPoints ?? []));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    return found;
  }

  /** ARN of a restore testing plan. @throws PortError */
  public async testingPlan(region: string, plan: string): Promise<string | undefined> {
    const command = new GetRestoreTestingPlanCommand({ RestoreTestingPlanName: plan });
    const found = await orAbsent(
      this.read(region, 'GetRestoreTestingPlan', plan, (client, abortSignal) => client.send(command, { abortSignal })),
    );
    return found?.RestoreTestingPlan?.RestoreTestingPlanArn;
  }

  /** @throws PortError */
  public async jobs(
    region: string,
    resource: string,
    wanted: Pick<ListRestoreJobsCommandInput, 'ByRestoreTestingPlanArn' | 'ByResourceType' | 'ByCreatedAfter'>,
  ): Promise<RestoreJobsListMember[]> {
    const found: RestoreJobsListMember[] = [];
    let NextToken: string | undefined;
    do {
      const command = new ListRestoreJobsCommand({ ...wanted, MaxResults: 1000, NextToken });
      const page = await this.read(region, 'ListRestoreJobs', resource, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      found.push(...(page.RestoreJobs ?? []));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    return found;
  }

  /** What a job was started with. @throws PortError */
  public async metadata(region: string, resource: string, job: string): Promise<Readonly<Record<string, string>>> {
    const command = new GetRestoreJobMetadataCommand({ RestoreJobId: job });
    const found = await this.read(region, 'GetRestoreJobMetadata', resource, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
    return found.Metadata ?? {};
  }

  /** @throws PortError */
  public read<T>(
    region: string,
    call: string,
    resource: string,
    send: (client: BackupClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.access.caller.read(place(region, call), (signal) => send(this.client(region, resource), signal));
  }

  /** @throws PortError */
  public change<T>(
    region: string,
    call: string,
    { resource, guard }: { readonly resource: string; readonly guard: Guard },
    send: (client: BackupClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.access.caller.change(place(region, call), guard, (signal) => send(this.client(region, resource), signal));
  }

  private client(region: string, resource: string): BackupClient {
    return this.access.clients.of(BackupClient, region, this.access.owners.resource(resource));
  }
}

function place(region: string, call: string): CallPlace {
  return { service: 'backup', region, call };
}
