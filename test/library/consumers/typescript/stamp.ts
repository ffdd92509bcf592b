/** One stamp in a network, zone and certificate of the app's own. The Python and Java programs beside this one say the same. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { AuroraEngine, BackupLock, BackupSchedule, RestoreTestSchedule, Stamp } from 'stampkit';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Shop', { env: { account: '111111111111', region: 'us-east-1' } });

const vpc = new ec2.Vpc(stack, 'Vpc', {
  ipAddresses: ec2.IpAddresses.cidr('10.20.0.0/20'),
  availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  subnetConfiguration: [
    { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
    { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  ],
});
const hostedZone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'shop.example.com' });
const certificate = new acm.Certificate(stack, 'Certificate', {
  domainName: '*.shop.example.com',
  subjectAlternativeNames: ['enterprise.shop.example.com', '*.enterprise.shop.example.com'],
  validation: acm.CertificateValidation.fromDns(hostedZone),
});

const stamp = new Stamp(stack, 'Stamp', {
  fleet: 'shop',
  group: 'enterprise',
  regionCode: 'use1',
  hostedZone,
  vpc,
  edge: { certificate, rateLimitPer5Min: 3000 },
  compute: {
    image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2',
    cpu: 512,
    memoryMiB: 1024,
    port: 8080,
    healthPath: '/healthz',
    minTasks: 6,
    maxTasks: 12,
    requestsPerTargetPerMinute: 3000,
    stopTimeout: Duration.seconds(90),
    environment: { LOG_LEVEL: 'info' },
  },
  worker: {
    image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/worker:1.4.2',
    cpu: 256,
    memoryMiB: 512,
    minTasks: 2,
    maxTasks: 10,
    backlogPerTask: 30,
    maxLatency: Duration.minutes(5),
    visibilityTimeout: Duration.minutes(2),
  },
  aurora: {
    engine: AuroraEngine.AURORA_POSTGRESQL,
    engineVersion: '16.8',
    databaseName: 'shop',
    home: true,
    joinGlobalCluster: false,
    minAcu: 2,
    maxAcu: 16,
  },
  backup: {
    schedule: BackupSchedule.HOURLY,
    retention: Duration.days(35),
    vaultLock: BackupLock.GOVERNANCE,
    restoreTest: RestoreTestSchedule.WEEKLY,
    maxRecoveryPointAge: Duration.hours(3),
  },
  health: {
    standbyServesReads: false,
    dependencies: [{ name: 'payments', url: 'https://payments.example.com/health', shared: true }],
  },
});
stamp.compute.connections.allowToAnyIpv4(ec2.Port.tcp(443), 'Payments');

app.synth();
