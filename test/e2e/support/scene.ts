import type { Project } from './project';

export const ACCOUNT = '123456789012';
export const ZONE = 'e2e.example.com';
/** Every stack of the fleet as it is deployed first. */
export const STACKS = [
  'e2e-control-use1',
  'e2e-control-usw2',
  'e2e-feed-data',
  'e2e-feed-routing',
  'e2e-feed-use1',
  'e2e-feed-usw2',
  'e2e-orders-data',
  'e2e-orders-routing',
  'e2e-orders-use1',
  'e2e-orders-usw2',
  'e2e-tools-routing',
  'e2e-tools-usw2',
];
/** Group, Region code and Region of every stamp. */
export const STAMPS: readonly (readonly [string, string, string])[] = [
  ['feed', 'use1', 'us-east-1'],
  ['feed', 'usw2', 'us-west-2'],
  ['orders', 'use1', 'us-east-1'],
  ['orders', 'usw2', 'us-west-2'],
  ['tools', 'usw2', 'us-west-2'],
];
export const CONTROL = [
  ['use1', 'us-east-1'],
  ['usw2', 'us-west-2'],
] as const;
/** The control Region that joins later. */
export const JOINING = ['cac1', 'ca-central-1'] as const;

/** What the parts of the suite share; filled before the first test runs. */
export interface Scene {
  project: Project;
  zoneId: string;
  /** Length of the emulator’s log when these tests began. */
  logStart: number;
}
