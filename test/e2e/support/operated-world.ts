import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFleet } from '../../../lib/cli/load-fleet';
import type { Fleet } from '../../../lib/topology/types';
import { deployFleet } from '../../wire/deploy-fleet';
import { WireAws } from '../../wire/wire-aws';
import { Gateway } from './gateway';
import { NameServer } from './name-server';
import { ACCOUNT, type Scene, ZONE } from './scene';

/** Services that the emulator has, and that answer for what was deployed to it. */
const EMULATED = new Set(['s3', 'ssm', 'sqs', 'cloudformation', 'route53', 'sts']);
/** Region in which the emulator keeps the control table: it has no replicas, so one table stands for all of them. */
const TABLE_REGION = 'us-east-1';
/** How many times as fast as on AWS promotions and scaling are over in the fake. */
const SPEED = 20;

/** AWS as operations see it: the emulator, the wire-level fake beside it, and names and addresses on loopback. */
export class OperatedWorld {
  public readonly fake = new WireAws({ speed: SPEED });
  public readonly gateway: Gateway;
  public readonly fleet: Fleet;
  /** What was put in AWS's place, a line each. */
  public readonly substituted: string[] = [];
  private readonly dns: NameServer;
  private readonly direct: Server;
  private variables: Readonly<Record<string, string>> = {};

  public constructor(private readonly scene: Scene) {
    const { fleet } = loadFleet(join(scene.project.folder, 'stamps'));
    if (fleet === undefined) throw new Error('the fleet of the test has errors');
    this.fleet = fleet;
    deployFleet(this.fake, fleet);
    this.dns = new NameServer(scene.project.assembly, { hostedZoneId: scene.zoneId, name: ZONE });
    const emulator = process.env['AWS_ENDPOINT_URL']!;
    let fake = '';
    this.gateway = new Gateway(({ service }, target) => {
      if (EMULATED.has(service)) return { endpoint: emulator };
      // Items of the control table; nothing else of the fleet reads or writes items.
      if (service === 'dynamodb' && /\.(GetItem|PutItem|Query)$/.test(target))
        return { endpoint: emulator, region: TABLE_REGION };
      return { endpoint: fake };
    });
    this.direct = createServer((request, response) => {
      const [, stamp = ''] = (request.url ?? '').split('/');
      if (this.isDown(stamp)) request.socket.destroy();
      else response.writeHead(200).end('ok\n');
    });
    this.begin = async () => {
      fake = await this.fake.start();
      const gateway = await this.gateway.start();
      const resolver = await this.dns.start();
      await new Promise<void>((resolve) => this.direct.listen(0, '127.0.0.1', resolve));
      this.variables = {
        AWS_ENDPOINT_URL: gateway,
        STAMPKIT_RESOLVERS: resolver,
        STAMPKIT_NAME_SERVERS: resolver,
        STAMPKIT_DIRECT_URL: `http://127.0.0.1:${(this.direct.address() as AddressInfo).port}/{stamp}{path}`,
        STAMPKIT_STATE_DIR: join(this.scene.project.folder, 'state'),
        STAMPKIT_OPERATOR: 'e2e',
      };
      await this.createControlTable();
      this.substituted.push(
        `emulator (moto): ${[...EMULATED].join(', ')}; items of the control table`,
        'wire-level fake: rds, cloudwatch, ecs, application-autoscaling, autoscaling, elasticloadbalancing, backup, lambda (health by lib/health), tables of groups',
        'loopback: Route 53 answers by lib/resilience from the templates and the switches in the deployed buckets; health paths of stamps',
      );
    };
  }

  public readonly begin: () => Promise<void>;

  public async end(): Promise<void> {
    this.dns.stop();
    this.direct.closeAllConnections();
    await new Promise((resolve) => this.direct.close(resolve));
    await this.gateway.stop();
    await this.fake.stop();
  }

  /** Environment of commands that operate. */
  public get env(): Readonly<Record<string, string>> {
    return this.variables;
  }

  /** Environment of a deployment: the emulator has everything but what scales. */
  public get deploymentEnv(): Readonly<Record<string, string>> {
    const { AWS_ENDPOINT_URL: gateway = '', ...rest } = this.variables;
    const services = [
      'ECS',
      'APPLICATION_AUTO_SCALING',
      'AUTO_SCALING',
      'ELASTIC_LOAD_BALANCING_V2',
      'RDS',
      'LAMBDA',
      'CLOUDWATCH',
    ];
    return { ...rest, ...Object.fromEntries(services.map((name) => [`AWS_ENDPOINT_URL_${name}`, gateway])) };
  }

  /** A Region is lost, or back: its services, its stamps and what users reach of them. */
  public lose(region: string): void {
    this.gateway.down.add(region);
    this.fake.world.down(region);
    for (const stamp of this.stampsOf(region)) this.dns.down.add(stamp);
  }

  public giveBack(region: string): void {
    this.gateway.down.delete(region);
    this.fake.world.up(region);
    for (const stamp of this.stampsOf(region)) this.dns.down.delete(stamp);
  }

  private isDown(stamp: string): boolean {
    return this.dns.down.has(stamp);
  }

  private stampsOf(region: string): string[] {
    return this.fleet.groups.flatMap(({ stamps }) => stamps.filter(({ shape }) => shape.region === region).map(({ id }) => id));
  }

  /** The emulator stood in for the table: made here as its template defines it, as far as one Region goes. */
  private async createControlTable(): Promise<void> {
    const { control } = this.fleet;
    const stack = control.members.find(({ region }) => region === control.table.owner.region)?.stackName ?? '';
    const { Resources } = JSON.parse(readFileSync(join(this.scene.project.assembly, `${stack}.template.json`), 'utf8')) as {
      Resources: Record<string, { Type: string; Properties: CreateTableCommandInput }>;
    };
    const table = Object.values(Resources).find(({ Type }) => Type === 'AWS::DynamoDB::GlobalTable')!.Properties;
    const { TableName, KeySchema, AttributeDefinitions, BillingMode } = table;
    await new DynamoDBClient({ region: TABLE_REGION }).send(
      new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode }),
    );
    this.substituted.push(
      `${TableName ?? ''}: one table of account ${ACCOUNT}, with the keys of its template, stands for all its replicas`,
    );
  }
}
