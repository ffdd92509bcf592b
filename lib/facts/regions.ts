/**
 * AWS Regions of the commercial partition (endpoint data of botocore 1.43 and aws-cdk-lib 2.276). A Region that was announced
 * later is missing until the list is extended.
 */
export const REGIONS_AS_OF = '2026-11-21';

export interface AwsRegion {
  readonly name: string;
  /** True when an account has to enable the Region before its first use: every Region since March 2019. */
  readonly optIn: boolean;
}

const ENABLED_BY_DEFAULT: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

const OPT_IN: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'me-west-1',
  'mx-central-1',
];

/** Regions of the commercial partition, sorted by name. */
const AWS_REGIONS: readonly AwsRegion[] = [
  ...ENABLED_BY_DEFAULT.map((name) => ({ name, optIn: false })),
  ...OPT_IN.map((name) => ({ name, optIn: true })),
].sort((a, b) => (a.name < b.name ? -1 : 1));

const BY_NAME: ReadonlyMap<string, AwsRegion> = new Map(AWS_REGIONS.map((region) => [region.name, region]));

export const AWS_REGION_NAMES: readonly string[] = AWS_REGIONS.map((region) => region.name);

/** The Region of that name, or undefined when the list does not know it. */
export function awsRegion(name: string): AwsRegion | undefined {
  return BY_NAME.get(name);
}

/** True for Regions of other partitions (China, GovCloud, sovereign and isolated ones): they share no account with the rest. */
export function isOtherPartition(name: string): boolean {
  return /^(cn|us-gov|us-iso[a-z]?|eu-iso[a-z]?|eusc)-/.test(name);
}
