/**
 * Source ranges of the Route 53 health checkers, as `route53 GetCheckerIpRanges` prints them (aws-facts 15).
 * The list can change: `preflight --live` compares it with the live answer.
 */
export const CHECKER_RANGES_AS_OF = '2026-11-21';

/** 15.177.2.0/23 and every fourth /23 up to 15.177.62.0/23. */
const GLOBAL_CHECKER_BLOCKS: readonly string[] = Array.from({ length: 16 }, (_, index) => `15.177.${2 + 4 * index}.0/23`);

export const CHECKER_RANGES: readonly string[] = [
  ...GLOBAL_CHECKER_BLOCKS,
  '54.183.255.128/26',
  '54.228.16.0/26',
  '54.232.40.64/26',
  '54.241.32.64/26',
  '54.243.31.192/26',
  '54.244.52.192/26',
  '54.245.168.0/26',
  '54.248.220.0/26',
  '54.250.253.192/26',
  '54.251.31.128/26',
  '54.252.79.128/26',
  '54.252.254.192/26',
  '54.255.254.192/26',
  '107.23.255.0/26',
  '176.34.159.192/26',
  '177.71.207.128/26',
];
