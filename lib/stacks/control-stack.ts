import { Stack, type Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ControlTable } from '../constructs/control-table';
import { SwitchBucket } from '../constructs/switch-bucket';
import type { ControlMember, Fleet } from '../topology/types';

export interface ControlStackProps {
  readonly fleet: Fleet;
  /** One of the fleet's control Regions, joining ones included. */
  readonly member: ControlMember;
  /**
   * @default - the fleet's account and the member's Region
   */
  readonly env?: Environment;
}

/**
 * `<fleet>-control-<regionCode>`: what one control Region holds. Every one has a switch bucket; the one that the lock pins also owns
 * the definition of the control table. The table's Regions come from the lock alone: DynamoDB refuses to change them later, so
 * control Regions that join or leave must not show in this template (aws-facts 4.2).
 */
export class ControlStack extends Stack {
  public readonly switches: SwitchBucket;
  /** In the owner's Region only. */
  public readonly table?: ControlTable;

  public constructor(scope: Construct, id: string, props: ControlStackProps) {
    const { fleet, member } = props;
    super(scope, id, {
      env: props.env ?? { account: fleet.account, region: member.region },
      stackName: member.stackName,
      description: `Switches${member.ownsTable ? ', lease and journal' : ''} of the fleet ${fleet.name} in ${member.region}`,
      terminationProtection: true,
      tags: { ...fleet.tags },
    });
    this.switches = new SwitchBucket(this, 'Switches', { bucketName: member.bucketName });
    if (member.ownsTable) {
      const { table } = fleet.control;
      this.table = new ControlTable(this, 'Table', {
        tableName: table.name,
        replicaRegions: table.replicaRegions.filter((region) => region !== table.owner.region),
        witnessRegion: table.witness?.region,
      });
    }
  }
}
