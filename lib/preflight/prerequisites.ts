import type { AssemblyStack } from '../assembly/read-assembly';
import { awsRegion } from '../facts/regions';
import { compareText } from '../order';
import { isRecord, listOf, recordOf, textOf } from './template-reader';

/** What has to exist before the first deployment, because no template makes it. */
export type PrerequisiteKind =
  /** `cdk bootstrap` of an account and Region. */
  | 'bootstrap'
  /** A Region that has to be enabled first. */
  | 'region-opt-in'
  | 'hosted-zone'
  | 'secret'
  | 'image'
  | 'backup-vault'
  | 'transit-gateway'
  /** An address that confirms its subscription after the deployment. */
  | 'subscription';

export interface Prerequisite {
  readonly kind: PrerequisiteKind;
  readonly account: string;
  /** Absent for what is global. */
  readonly region?: string;
  /** Zone id, secret name, image, vault ARN, address. */
  readonly name: string;
}

/** Reads from the templates what they take for granted. Sorted, each one once. */
export function findPrerequisites(stacks: Iterable<AssemblyStack>): Prerequisite[] {
  const found = new Map<string, Prerequisite>();
  const made = new Set<string>();
  const vaults: Prerequisite[] = [];
  const add = (prerequisite: Prerequisite): void => {
    const { kind, account, region = '', name } = prerequisite;
    found.set(`${kind}\0${account}\0${region}\0${name}`, prerequisite);
  };
  for (const { account, region, template } of stacks) {
    add({ kind: 'bootstrap', account, region, name: `aws://${account}/${region}` });
    if (awsRegion(region)?.optIn === true) add({ kind: 'region-opt-in', account, region, name: region });
    for (const { Type, Properties: properties = {} } of Object.values(template.Resources)) {
      switch (Type) {
        case 'AWS::Route53::RecordSet':
          if (typeof properties['HostedZoneId'] === 'string')
            add({ kind: 'hosted-zone', account, name: properties['HostedZoneId'] });
          break;
        case 'AWS::ECS::TaskDefinition':
          for (const container of listOf(properties['ContainerDefinitions']).map((value) => recordOf(value))) {
            if (typeof container['Image'] === 'string') add({ kind: 'image', account, region, name: container['Image'] });
            for (const secret of listOf(container['Secrets'])) {
              const name = secretName(recordOf(secret)['ValueFrom']);
              if (name !== undefined) add({ kind: 'secret', account, region, name });
            }
          }
          break;
        case 'AWS::Backup::BackupVault':
          made.add(`${account} ${region} ${textOf(properties['BackupVaultName'])}`);
          break;
        case 'AWS::Backup::BackupPlan':
          vaults.push(...copyTargets(properties));
          break;
        case 'AWS::EC2::TransitGatewayAttachment':
          if (typeof properties['TransitGatewayId'] === 'string')
            add({ kind: 'transit-gateway', account, region, name: properties['TransitGatewayId'] });
          break;
        case 'AWS::SNS::Subscription':
          if (['email', 'email-json', 'http', 'https'].includes(textOf(properties['Protocol'])))
            add({ kind: 'subscription', account, region, name: textOf(properties['Endpoint']) });
      }
    }
  }
  for (const vault of vaults) {
    const name = vault.name.split(':').at(-1) ?? '';
    if (!made.has(`${vault.account} ${vault.region ?? ''} ${name}`)) add(vault);
  }
  return [...found].sort(([a], [b]) => compareText(a, b)).map(([, prerequisite]) => prerequisite);
}

/** `arn:aws:secretsmanager:us-east-1:111111111111:secret:shop/key` is the secret shop/key; what the template makes is no text. */
function secretName(value: unknown): string | undefined {
  return typeof value === 'string' ? /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:([^:]+)/.exec(value)?.[1] : undefined;
}

function copyTargets(plan: Readonly<Record<string, unknown>>): Prerequisite[] {
  const rules = listOf(recordOf(plan['BackupPlan'])['BackupPlanRule']).filter(isRecord);
  return rules
    .flatMap((rule) => listOf(rule['CopyActions']).map((copy) => recordOf(copy)['DestinationBackupVaultArn']))
    .flatMap((arn) => {
      const [, , , region, account] = typeof arn === 'string' ? arn.split(':') : [];
      return typeof arn === 'string' && region !== undefined && account !== undefined
        ? [{ kind: 'backup-vault' as const, account, region, name: arn }]
        : [];
    });
}
