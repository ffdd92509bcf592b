import { describe, expect, test } from 'vitest';
import { TemplateResolver } from '../../../lib/assembly/intrinsics/resolver';
import { SharedValues } from '../../../lib/assembly/intrinsics/shared-values';
import { NO_VALUE, Unresolved } from '../../../lib/assembly/intrinsics/unresolved';
import { handWritten, type HandWrittenStack } from '../../support/template-stacks';

function resolver(stack: Partial<HandWrittenStack> = {}, shared = new SharedValues()): TemplateResolver {
  return new TemplateResolver(handWritten({ resources: {}, ...stack }), shared);
}

const resources = {
  Queue: ['AWS::SQS::Queue'],
  Named: ['AWS::SQS::Queue', { QueueName: 'work' }],
  Bucket: ['AWS::S3::Bucket', { BucketName: { 'Fn::Sub': 'data-${AWS::AccountId}' } }],
  Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Name: 'web' }],
  Listener: ['AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { Ref: 'Balancer' } }],
  Vault: ['AWS::Backup::BackupVault', { BackupVaultName: 'vault' }],
  Check: ['AWS::Route53::HealthCheck'],
  Cluster: ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'Main' }],
  Subnet: ['AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1b' }],
} as const;

describe('values that templates determine', () => {
  test.each([
    ['a literal', 'text', 'text'],
    ['a number', 7, 7],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Ref of a name', { Ref: 'Bucket' }, 'data-111111111111'],
    ['Ref of a queue, which is its URL', { Ref: 'Named' }, 'https://sqs.us-east-1.amazonaws.com/111111111111/work'],
    ['an ARN', { 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:sqs:us-east-1:111111111111:work'],
    [
      'an attribute with a dot',
      { 'Fn::GetAtt': 'Vault.BackupVaultArn' },
      'arn:aws:backup:us-east-1:111111111111:backup-vault:vault',
    ],
    ['an identifier that RDS keeps in lower case', { Ref: 'Cluster' }, 'main'],
    ['an attribute that repeats a property', { 'Fn::GetAtt': ['Subnet', 'AvailabilityZone'] }, 'us-east-1b'],
    ['a health check', { 'Fn::GetAtt': ['Check', 'HealthCheckId'] }, 'app/Check'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::StackName' }, 1]] }, 'a-app-1'],
    ['Fn::Sub', { 'Fn::Sub': '${AWS::StackName}/${Named.QueueName}/${!Literal}' }, 'app/work/${Literal}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${a}-${AWS::Region}', { a: { Ref: 'Bucket' } }] }, 'data-111111111111-us-east-1'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Named', 'Arn'] }] }] }, 'work'],
    ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['Fn::Cidr', { 'Fn::Select': [1, { 'Fn::Cidr': ['10.0.0.0/24', 4, 6] }] }, '10.0.0.64/26'],
    ['Fn::Length', { 'Fn::Length': ['a', 'b'] }, 2],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'AWS::Region' } } }, '{"a":"us-east-1"}'],
    ['a mapping with functions inside', { a: [{ Ref: 'AWS::Region' }] }, { a: ['us-east-1'] }],
    ['AWS::NoValue in a list', [{ Ref: 'AWS::NoValue' }, 'a'], ['a']],
    ['AWS::NoValue in a mapping', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['AWS::NoValue', { Ref: 'AWS::NoValue' }, NO_VALUE],
    [
      'a secret, which stays a reference',
      '{{resolve:secretsmanager:a:SecretString:b}}',
      '{{resolve:secretsmanager:a:SecretString:b}}',
    ],
  ])('%s', (_name, value, expected) => {
    expect(resolver({ resources }).resolve(value)).toEqual(expected);
  });

  test('what only AWS knows is a symbol, the same one wherever it is named', () => {
    const app = resolver({ resources });
    expect(app.resolve({ Ref: 'Queue' })).toBe('https://sqs.us-east-1.amazonaws.com/111111111111/[app.Queue]');
    expect(app.resolve({ 'Fn::GetAtt': ['Balancer', 'DNSName'] })).toBe('[app.Balancer.DNSName]');
    expect(app.resolve({ 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': ['Balancer', 'DNSName'] }]] })).toBe(
      'dualstack.[app.Balancer.DNSName]',
    );
  });

  test('a listener’s ARN splits into the name that metrics have for its load balancer', () => {
    const part = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': ['/', { Ref: 'Listener' }] }] });
    const app = resolver({ resources });
    expect(app.resolve({ 'Fn::Join': ['/', [part(1), part(2), part(3)]] })).toBe(
      app.resolve({ 'Fn::GetAtt': ['Balancer', 'LoadBalancerFullName'] }),
    );
  });

  test('zones of an account are different ones, whatever they are called', () => {
    const zone = (index: number) => resolver().resolve({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });
    expect(zone(0)).toBe('[us-east-1.zone-0]');
    expect(zone(1)).not.toBe(zone(0));
  });
});

describe('parameters, mappings and conditions', () => {
  const sections = {
    Parameters: {
      Size: { Type: 'String', Default: 'large' },
      Zones: { Type: 'List<AWS::EC2::AvailabilityZone::Name>', Default: 'us-east-1a, us-east-1b' },
      Open: { Type: 'String' },
    },
    Mappings: { Sizes: { large: { tasks: 12 } } },
    Conditions: {
      IsLarge: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] },
      IsSmall: { 'Fn::Not': [{ Condition: 'IsLarge' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsSmall' }, { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }] },
      Both: { 'Fn::And': [{ Condition: 'IsSmall' }, { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] }] },
      Undecided: { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] },
      Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
    },
  };
  const branch = (name: string) => ({ 'Fn::If': [name, 'yes', { Ref: 'AWS::NoValue' }] });

  test.each([
    ['the default of a parameter', { Ref: 'Size' }, 'large'],
    ['a list', { Ref: 'Zones' }, ['us-east-1a', 'us-east-1b']],
    ['a mapping by parameter', { 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'tasks'] }, 12],
    ['a mapping’s default value', { 'Fn::FindInMap': ['Sizes', 'tiny', 'tasks', { DefaultValue: 1 }] }, 1],
    ['a condition that holds', branch('IsLarge'), 'yes'],
    ['one that does not', branch('IsSmall'), NO_VALUE],
    ['one of two', branch('Either'), 'yes'],
    ['one of two decides against both, though the other is open', branch('Both'), NO_VALUE],
  ])('%s', (_name, value, expected) => {
    expect(resolver({ sections }).resolve(value)).toEqual(expected);
  });

  test.each([
    ['a parameter without a default', { Ref: 'Open' }, /parameter Open has no default/],
    ['a condition on it', branch('Undecided'), /parameter Open has no default/],
    ['a condition in a circle', branch('Circle'), /depends on itself/],
    ['a key that no mapping has', { 'Fn::FindInMap': ['Sizes', 'tiny', 'tasks'] }, /no Sizes \/ tiny \/ tasks/],
    ['a name that is nothing', { Ref: 'Nothing' }, /neither resource nor parameter/],
    ['an attribute of nothing', { 'Fn::GetAtt': ['Nothing', 'Arn'] }, /no resource of the template/],
    ['a text with an open part', { 'Fn::Join': ['', ['a', { Ref: 'Open' }]] }, /parameter Open has no default/],
    ['an item beyond the list', { 'Fn::Select': [3, ['a']] }, /item 3 of a list of 1/],
    ['the zones of an account', { 'Fn::GetAZs': '' }, /the account decides/],
    ['a transform', { 'Fn::Transform': { Name: 'AWS::Include' } }, /Fn::Transform is not understood/],
    ['an export of no stack', { 'Fn::ImportValue': 'x' }, /no stack of the assembly exports x/],
    ['a stored parameter of AWS', '{{resolve:ssm:/aws/service/ami}}', /not made in the assembly/],
    ['a range that does not fit', { 'Fn::Cidr': ['10.0.0.0/24', 9, 5] }, /do not fit/],
  ])('fails to resolve %s, with the reason', (_name, value, reason) => {
    const resolved = resolver({ sections }).resolve(value);
    expect(resolved).toBeInstanceOf(Unresolved);
    expect((resolved as Unresolved).reason).toMatch(reason);
  });

  test('names in a circle end, too', () => {
    const circle = resolver({
      resources: {
        A: ['AWS::SQS::Queue', { QueueName: { Ref: 'B' } }],
        B: ['AWS::SNS::Topic', { TopicName: { 'Fn::GetAtt': ['A', 'QueueName'] } }],
      },
    });
    expect(circle.resolve({ Ref: 'A' })).toEqual(expect.stringContaining('[app.'));
  });

  test('so does nesting without end', () => {
    let value: unknown = 'a';
    for (let depth = 0; depth < 10_000; depth += 1) value = { 'Fn::Join': ['', [value]] };
    expect(resolver().resolve(value)).toBeInstanceOf(Unresolved);
  });
});

describe('values of other stacks', () => {
  test('wait until every stack is read', () => {
    const shared = new SharedValues();
    const app = resolver({}, shared);
    app.begin();
    app.resolve({ 'Fn::ImportValue': 'vpc' });
    expect(app.hasToWait()).toBe(true);
    shared.offer('export', '111111111111/us-east-1', 'vpc', () => 'vpc-1');
    app.begin();
    expect(app.resolve({ 'Fn::ImportValue': { 'Fn::Sub': 'vpc' } })).toBe('vpc-1');
    expect(app.hasToWait()).toBe(false);
  });

  test('come from the same account and Region only', () => {
    const shared = new SharedValues();
    shared.offer('export', '111111111111/eu-west-1', 'vpc', () => 'vpc-1');
    shared.complete();
    expect(resolver({}, shared).resolve({ 'Fn::ImportValue': 'vpc' })).toBeInstanceOf(Unresolved);
  });

  test('a stored parameter, as parameter type and as dynamic reference', () => {
    const shared = new SharedValues();
    shared.offer('parameter', '111111111111/us-east-1', '/app/name', () => 'shop');
    const sections = { Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/app/name' } } };
    expect(resolver({ sections }, shared).resolve({ Ref: 'Name' })).toBe('shop');
    expect(resolver({}, shared).resolve('https://{{resolve:ssm:/app/name:3}}.example.com')).toBe('https://shop.example.com');
  });
});
