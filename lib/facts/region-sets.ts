/**
 * Region sets: multi-Region strong consistency never leaves its set. DynamoDB tables with `STRONG` consistency (aws-facts 4.2)
 * and Aurora DSQL clusters (aws-facts 4.3) use the same three.
 */
export interface RegionSet {
  readonly name: 'US' | 'EU' | 'AP';
  /** AWS Region names, sorted. */
  readonly regions: readonly string[];
}

export const REGION_SETS: readonly RegionSet[] = [
  { name: 'US', regions: ['us-east-1', 'us-east-2', 'us-west-2'] },
  { name: 'EU', regions: ['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'] },
  { name: 'AP', regions: ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'] },
];

/** Replicas and witness of a `STRONG` table together: three replicas, or two and a witness (aws-facts 4.2). */
export const STRONG_REGION_COUNT = 3;

/** The one set that holds all of the Regions, if there is one. */
export function commonRegionSet(regions: readonly string[]): RegionSet | undefined {
  return REGION_SETS.find((set) => regions.every((region) => set.regions.includes(region)));
}
