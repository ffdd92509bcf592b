import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFleet, readFleet } from '../../lib/assembly/parse-fleet';
import { writeAssembly } from '../support/mutate-assembly';
import { factsOfTemplates, handWritten } from '../support/template-stacks';

const SERVICE = { Service: ['AWS::ECS::Service', { DesiredCount: 2 }] } as const;
const stampTask = (id: string) =>
  [
    'AWS::ECS::TaskDefinition',
    { ContainerDefinitions: [{ Name: 'web', Environment: [{ Name: 'STAMP_ID', Value: id }] }] },
  ] as const;

describe('stamps and units', () => {
  test('a stack whose tasks carry a stamp’s id is that stamp', () => {
    const { stamps, stacks, services } = factsOfTemplates({
      name: 'anything',
      resources: { ...SERVICE, Task: stampTask('big-pool-use1') },
    });
    expect(stamps).toMatchObject([
      {
        id: 'big-pool-use1',
        generated: true,
        group: 'big-pool',
        regionCode: 'use1',
        stacks: ['anything'],
        workerServiceIds: ['anything/Service'],
      },
    ]);
    expect(stacks).toMatchObject([{ name: 'anything', stampId: 'big-pool-use1' }]);
    expect(services[0]?.stampId).toBe('big-pool-use1');
  });

  test('what is not stampkit’s is one unit for each account and Region, with the stacks that support it', () => {
    const { stamps } = factsOfTemplates(
      { name: 'network-eu', region: 'eu-west-1', resources: { Vpc: ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }] } },
      { name: 'web-eu', region: 'eu-west-1', resources: SERVICE },
      { name: 'web-us', resources: SERVICE },
      { name: 'web-other', account: '222222222222', resources: SERVICE },
      { name: 'dns-only', region: 'us-west-2', resources: { Zone: ['AWS::Route53::HostedZone', { Name: 'example.com' }] } },
    );
    expect(stamps.map(({ id, generated, stacks, networkIds }) => [id, generated, stacks, networkIds])).toEqual([
      ['111111111111/eu-west-1', false, ['network-eu', 'web-eu'], ['network-eu/Vpc']],
      ['111111111111/us-east-1', false, ['web-us'], []],
      ['222222222222/us-east-1', false, ['web-other'], []],
    ]);
  });

  test('beside stamps, only stacks that serve are a unit', () => {
    const { stamps } = factsOfTemplates(
      { name: 'stamp', resources: { ...SERVICE, Task: stampTask('pool-use1') } },
      { name: 'table', resources: { Table: ['AWS::DynamoDB::Table', {}] } },
      { name: 'old', resources: SERVICE },
    );
    expect(stamps.map(({ id, stacks }) => [id, stacks])).toEqual([
      ['111111111111/us-east-1', ['old']],
      ['pool-use1', ['stamp']],
    ]);
  });

  test('two stamps in one stack cannot be told apart, and that is said', () => {
    const { stamps, findings } = factsOfTemplates({ resources: { ...SERVICE, A: stampTask('a-use1'), B: stampTask('b-use1') } });
    expect(stamps.map(({ id }) => id)).toEqual(['111111111111/us-east-1']);
    expect(findings).toMatchObject([
      {
        code: 'stamps-share-stack',
        message: 'stack app holds a-use1 and b-use1: what belongs to which stamp cannot be told apart',
      },
    ]);
  });
});

describe('values that stacks pass to each other', () => {
  const network = (name: string) => ({
    name,
    resources: { Subnet: ['AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1a' }] } as const,
    sections: { Outputs: { Subnet: { Value: { Ref: 'Subnet' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:subnet' } } } } },
  });
  const web = (name: string) => ({
    name,
    resources: {
      Service: [
        'AWS::ECS::Service',
        { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ 'Fn::ImportValue': 'network:subnet' }] } } },
      ],
    } as const,
  });

  test.each([
    ['before it is used', [network('network'), web('web')]],
    ['after it is used', [web('web'), network('network')]],
  ])('an export %s', (_name, stacks) => {
    const { services, findings } = factsOfTemplates(...stacks);
    expect(findings).toEqual([]);
    expect(services[0]?.availabilityZones).toEqual(['us-east-1a']);
  });

  test('an export that hangs on another export, in any order', () => {
    const middle = {
      name: 'middle',
      resources: {},
      sections: { Outputs: { Subnet: { Value: { 'Fn::ImportValue': 'network:subnet' }, Export: { Name: 'middle:subnet' } } } },
    };
    const last = {
      name: 'last',
      resources: {
        Service: [
          'AWS::ECS::Service',
          { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ 'Fn::ImportValue': 'middle:subnet' }] } } },
        ],
      } as const,
    };
    for (const stacks of [
      [last, middle, network('network')],
      [middle, last, network('network')],
      [middle, network('network'), last],
      [network('network'), middle, last],
    ]) {
      expect(factsOfTemplates(...stacks).services[0]?.availabilityZones).toEqual(['us-east-1a']);
    }
  });

  test('exports in a circle are a finding', () => {
    const circle = (name: string, other: string) => ({
      name,
      resources: { Queue: ['AWS::SQS::Queue', { VisibilityTimeout: { 'Fn::ImportValue': other } }] } as const,
      sections: { Outputs: { Value: { Value: { 'Fn::ImportValue': other }, Export: { Name: name } } } },
    });
    const { findings } = factsOfTemplates(circle('a', 'b'), circle('b', 'a'));
    expect(findings.map(({ code }) => code)).toEqual(['template-value-unresolved', 'template-value-unresolved']);
    expect(findings[0]?.message).toMatch(/depends on itself/);
  });

  test('a parameter of SSM that another stack makes', () => {
    const { queues, findings } = factsOfTemplates(
      {
        name: 'a',
        resources: { Queue: ['AWS::SQS::Queue', { VisibilityTimeout: { Ref: 'Timeout' } }] },
        sections: { Parameters: { Timeout: { Type: 'AWS::SSM::Parameter::Value<Number>', Default: '/app/timeout' } } },
      },
      { name: 'b', resources: { Parameter: ['AWS::SSM::Parameter', { Name: '/app/timeout', Value: '45' }] } },
    );
    expect(findings).toEqual([]);
    expect(queues[0]?.visibilityTimeout).toBe(45);
  });
});

describe('what is not there', () => {
  const conditional = (value: unknown) => ({
    resources: { Queue: { Type: 'AWS::SQS::Queue', Condition: 'Wanted' } },
    sections: { Parameters: { Open: { Type: 'String' } }, Conditions: { Wanted: { 'Fn::Equals': [value, 'yes'] } } },
  });

  test('a resource whose condition does not hold', () => {
    expect(factsOfTemplates(conditional('no')).queues).toEqual([]);
    expect(factsOfTemplates(conditional('yes')).queues).toHaveLength(1);
  });

  test('one whose condition cannot be resolved counts as absent, and that is said', () => {
    const { queues, findings } = factsOfTemplates(conditional({ Ref: 'Open' }));
    expect(queues).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'template-condition-unresolved', where: { file: 'app', path: ['Queue', 'Condition'] } },
    ]);
  });

  test('transforms that are not expanded, and types that nobody reads, are skipped and counted', () => {
    const { skipped, functions } = factsOfTemplates({
      resources: { A: ['AWS::Serverless::Function', {}], B: ['AWS::Serverless::Function', {}], C: ['AWS::IAM::Role', {}] },
    });
    expect(functions).toEqual([]);
    expect(skipped).toEqual([
      { type: 'AWS::Serverless::Function', count: 2 },
      { type: 'AWS::IAM::Role', count: 1 },
    ]);
  });

  test('loops of language extensions are no resources', () => {
    const stack = handWritten({ resources: {} });
    const loop = { 'Fn::ForEach::Queues': ['Name', ['a'], {}] } as unknown as typeof stack.template.Resources;
    const { findings, skipped } = parseFleet([{ ...stack, template: { Resources: loop } }]);
    expect(skipped).toEqual([]);
    expect(findings).toMatchObject([{ code: 'template-resource-invalid', where: { path: ['Fn::ForEach::Queues'] } }]);
  });

  test('an account and a Region that nobody names', () => {
    const { findings, stamps } = factsOfTemplates({ account: 'unknown-account', region: 'unknown-region', resources: SERVICE });
    expect(findings).toMatchObject([{ code: 'stack-environment-unknown', where: { file: 'app' } }]);
    expect(stamps.map(({ id }) => id)).toEqual(['unknown-account/unknown-region']);
  });
});

describe('reading from disk', () => {
  test('gives the facts of the same stacks in memory', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parse-fleet-'));
    const stacks = [
      handWritten({ name: 'b', resources: SERVICE }),
      handWritten({ name: 'a', resources: { Queue: ['AWS::SQS::Queue', {}] } }),
    ];
    try {
      expect(readFleet(writeAssembly(stacks, folder))).toEqual(parseFleet(stacks));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('the order of stacks changes nothing', () => {
    const stacks = ['a', 'b', 'c'].map((name) =>
      handWritten({ name, resources: { ...SERVICE, Queue: ['AWS::SQS::Queue', {}] } }),
    );
    expect(parseFleet([...stacks].reverse())).toEqual(parseFleet(stacks));
  });
});
