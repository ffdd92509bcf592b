import { enterpriseOf, workerOf } from '../base-config';
import type { FindingCases } from './finding-case';

export const IMAGE_CASES = {
  'image-single-region': {
    change: (config) => (enterpriseOf(config).compute.image = '111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2'),
    at: 'groups/enterprise.yaml compute.image',
    says: /lives in us-east-1, and stamps of enterprise start tasks from it in us-east-1, us-west-2/,
  },
  'image-outside-region': {
    change: (config) => (workerOf(config).image = 'public.ecr.aws/shop/worker:1.4.2'),
    at: 'groups/enterprise.yaml worker.image',
    says: /"public\.ecr\.aws\/shop\/worker:1\.4\.2" does not live in the stamp's Region/,
  },
  'image-unreachable': {
    change: (config) => {
      const group = enterpriseOf(config);
      group.network.egress = 'endpoints-only';
      group.health.dependencies = [];
      group.compute.image = 'docker.io/shop/web:1.4.2';
    },
    at: 'groups/enterprise.yaml compute.image',
    says: /"docker\.io\/shop\/web:1\.4\.2" comes from the internet/,
  },
  'image-other-account': {
    change: (config) => (enterpriseOf(config).compute.image = '222222222222.dkr.ecr.{region}.amazonaws.com/shop/web:1.4.2'),
    at: 'groups/enterprise.yaml compute.image',
    says: /account 222222222222, the group in 111111111111/,
  },
  'image-tag-moving': {
    change: (config) => (enterpriseOf(config).compute.image = '111111111111.dkr.ecr.{region}.amazonaws.com/shop/web'),
    at: 'groups/enterprise.yaml compute.image',
    says: /names no fixed version/,
  },
  'image-placeholder-unknown': {
    change: (config) => (enterpriseOf(config).compute.image = '{account}.dkr.ecr.{region}.amazonaws.com/shop/web:1'),
    at: 'groups/enterprise.yaml compute.image',
    says: /\{account\}/,
  },
  'secret-single-region': {
    change: (config) =>
      (enterpriseOf(config).compute.secrets = {
        API_TOKEN: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:shop/api-token-a1b2c3',
      }),
    at: 'groups/enterprise.yaml compute.secrets.API_TOKEN',
    says: /one secret in us-east-1/,
  },
  'environment-names-region': {
    change: (config) => (enterpriseOf(config).compute.environment = { UPLOADS: 'https://s3.us-east-1.amazonaws.com/uploads' }),
    at: 'groups/enterprise.yaml compute.environment.UPLOADS',
    says: /UPLOADS says us-east-1/,
  },
  'environment-reserved': {
    change: (config) => (enterpriseOf(config).compute.environment = { STAMP_REGION: 'here' }),
    at: 'groups/enterprise.yaml compute.environment.STAMP_REGION',
    says: /STAMP_REGION is set by the kit/,
  },
  'environment-secret-clash': {
    change: (config) => (enterpriseOf(config).compute.environment = { API_TOKEN: 'abc' }),
    at: 'groups/enterprise.yaml compute.secrets.API_TOKEN',
    says: /API_TOKEN is given under environment and under secrets/,
  },
} satisfies FindingCases;

export const COMPUTE_CASES = {
  'fargate-size': {
    change: (config) => (workerOf(config).memory = 512),
    at: 'groups/enterprise.yaml worker.cpu',
    says: /512 CPU units and 512 MiB/,
  },
  'instance-type-missing': {
    change: (config) => (enterpriseOf(config).compute.kind = 'ec2'),
    at: 'groups/enterprise.yaml compute',
    says: /kind: ec2 needs an instanceType/,
  },
  'instance-architecture': {
    change: (config) => Object.assign(enterpriseOf(config).compute, { kind: 'ec2', instanceType: 'm7g.large' }),
    at: 'groups/enterprise.yaml compute.instanceType',
    says: /m7g\.large is arm64, and the image is x86_64/,
  },
  'compute-key-ignored': {
    change: (config) => (enterpriseOf(config).compute.instanceType = 'm7i.large'),
    at: 'groups/enterprise.yaml compute.instanceType',
    says: /instanceType m7i\.large has no effect/,
  },
  'stop-timeout-range': {
    change: (config) => (enterpriseOf(config).compute.stopTimeout = 121),
    at: 'groups/enterprise.yaml compute.stopTimeout',
    says: /compute\.stopTimeout 121s is refused/,
  },
  'deregistration-delay-range': {
    change: (config) => (enterpriseOf(config).compute.deregistrationDelay = 121),
    at: 'groups/enterprise.yaml compute.deregistrationDelay',
    says: /deregistrationDelay 121s/,
  },
  'stop-timeout-below-drain': {
    change: (config) => (enterpriseOf(config).compute.deregistrationDelay = 61),
    at: 'groups/enterprise.yaml compute.stopTimeout',
    says: /stopTimeout 1m is shorter than deregistrationDelay 61s/,
  },
  'max-capacity-below-minimum': {
    change: (config) => (enterpriseOf(config).compute.maxCapacity = 99),
    at: 'groups/enterprise.yaml compute.maxCapacity',
    says: /maxCapacity 99%/,
  },
  'health-path-reserved': {
    change: (config) => (enterpriseOf(config).compute.healthPath = '/.stamp/health'),
    at: 'groups/enterprise.yaml compute.healthPath',
    says: /\/\.stamp\/health belongs to the kit/,
  },
} satisfies FindingCases;

export const WORKER_CASES = {
  'worker-tasks-range': {
    change: (config) => (workerOf(config).maxTasks = 1),
    at: 'groups/enterprise.yaml worker.maxTasks',
    says: /maxTasks 1 is below minTasks 2/,
  },
  'worker-slower-than-latency': {
    change: (config) => Object.assign(workerOf(config), { maxLatency: 10, averageProcessing: 10 }),
    at: 'groups/enterprise.yaml worker.averageProcessing',
    says: /averageProcessing 10s is no less than maxLatency 10s/,
  },
  'worker-visibility-too-short': {
    change: (config) => Object.assign(workerOf(config), { averageProcessing: 30 }),
    at: 'groups/enterprise.yaml worker.visibilityTimeout',
    says: /visibilityTimeout 30s is no longer than averageProcessing 30s/,
  },
  'worker-visibility-range': {
    change: (config) => (workerOf(config).visibilityTimeout = 43_201),
    at: 'groups/enterprise.yaml worker.visibilityTimeout',
    says: /visibilityTimeout 43201s is refused/,
  },
  'worker-retention-range': {
    change: (config) => (workerOf(config).retention = 1_209_601),
    at: 'groups/enterprise.yaml worker.retention',
    says: /retention 1209601s is refused/,
  },
  'worker-retention-too-short': {
    change: (config) => (workerOf(config).retention = 60),
    at: 'groups/enterprise.yaml worker.retention',
    says: /retention 1m ends before maxLatency 1m/,
  },
  'worker-stop-too-short': {
    change: (config) => Object.assign(workerOf(config), { stopTimeout: 20, averageProcessing: 20 }),
    at: 'groups/enterprise.yaml worker.stopTimeout',
    says: /stopTimeout 20s is no longer than averageProcessing 20s/,
  },
} satisfies FindingCases;
