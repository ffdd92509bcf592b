/** A fleet in two Regions from props: what the kit's own app makes of YAML, put together by hand. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import {
  AuroraEngine,
  AuroraGlobalCluster,
  BackupSchedule,
  RoutingPolicy,
  Stamp,
  StampRouting,
  SwitchBucket,
  type SwitchLocation,
} from 'stampkit';

const account = '111111111111';
const engine = AuroraEngine.AURORA_POSTGRESQL;
const engineVersion = '16.8';
const app = new App({ analyticsReporting: false });

/** The zone is older than the fleet. */
function zone(stack: Stack): IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    zoneName: 'shop.example.com',
  });
}

/** `10.20.16.0/20` cut into three subnets of each kind, as `third` octet says. */
function cidrs(second: number, first: number, count: number): string[] {
  return Array.from({ length: count }, (_unused, index) => `10.${second}.${first + index}.0/24`);
}

const switches: SwitchLocation[] = [
  { regionCode: 'use2', region: 'us-east-2', bucketName: `shop-switches-${account}-use2` },
  { regionCode: 'usw2', region: 'us-west-2', bucketName: `shop-switches-${account}-usw2` },
];
for (const { regionCode, region, bucketName } of switches) {
  new SwitchBucket(new Stack(app, `shop-control-${regionCode}`, { env: { account, region } }), 'Switches', { bucketName });
}

const data = new Stack(app, 'shop-enterprise-data', { env: { account, region: 'us-east-1' } });
new AuroraGlobalCluster(data, 'GlobalCluster', { globalClusterIdentifier: 'shop-enterprise-global', engine, engineVersion });

const stamps = [
  { regionCode: 'use1', region: 'us-east-1', peer: { regionCode: 'usw2', region: 'us-west-2' }, home: true, second: 20 },
  { regionCode: 'usw2', region: 'us-west-2', peer: { regionCode: 'use1', region: 'us-east-1' }, home: false, second: 21 },
].map(({ regionCode, region, peer, home, second }) => {
  const stack = new Stack(app, `shop-enterprise-${regionCode}`, { env: { account, region } });
  return new Stamp(stack, 'Stamp', {
    fleet: 'shop',
    group: 'enterprise',
    regionCode,
    hostedZone: zone(stack),
    network: {
      vpcCidr: `10.${second}.0.0/20`,
      availabilityZones: ['a', 'b', 'c'].map((letter) => region + letter),
      publicSubnetCidrs: cidrs(second, 0, 3),
      privateSubnetCidrs: cidrs(second, 4, 3),
      isolatedSubnetCidrs: cidrs(second, 8, 3),
    },
    compute: {
      image: `${account}.dkr.ecr.${region}.amazonaws.com/shop/web:1.4.2`,
      cpu: 512,
      memoryMiB: 1024,
      port: 8080,
      healthPath: '/healthz',
      minTasks: 6,
      maxTasks: 12,
      requestsPerTargetPerMinute: 3000,
    },
    aurora: { engine, engineVersion, databaseName: 'shop', home, minAcu: 2, maxAcu: 16 },
    backup: {
      schedule: BackupSchedule.DAILY,
      retention: Duration.days(35),
      copyVaultArns: [`arn:aws:backup:${peer.region}:${account}:backup-vault:shop-enterprise-${peer.regionCode}`],
      maxRecoveryPointAge: Duration.hours(30),
    },
  });
});

// In us-east-1: the metrics of health checks, and so the alarms on them, exist nowhere else.
const routing = new Stack(app, 'shop-enterprise-routing', { env: { account, region: 'us-east-1' } });
new StampRouting(routing, 'Routing', {
  hostedZone: zone(routing),
  recordName: 'enterprise.shop.example.com',
  tenantRecordNames: ['acme.shop.example.com'],
  policy: RoutingPolicy.FAILOVER,
  stamps: stamps.map(({ names, recordName }, index) => ({
    stampId: names.stampId,
    region: index === 0 ? 'us-east-1' : 'us-west-2',
    recordName,
    primary: index === 0,
  })),
  switches,
});

app.synth();
