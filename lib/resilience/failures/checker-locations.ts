/** Regions with Route 53 health checkers (aws-facts 2.2). */
export const CHECKER_LOCATIONS = [
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-west-1',
  'us-west-2',
] as const;
