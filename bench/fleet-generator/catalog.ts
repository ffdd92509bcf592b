/** What generated fleets are made of. Adding in the middle of a list changes the fleets of every seed: add at the end. */
export interface CatalogRegion {
  readonly code: string;
  readonly region: string;
  readonly azs: readonly string[];
  /** What a geolocation group serves from here. */
  readonly area: string;
}

/** Regions in the order that `--regions N` takes them. */
export const REGIONS: readonly CatalogRegion[] = [
  { code: 'use1', region: 'us-east-1', azs: ['a', 'b', 'c'], area: 'continent:NA' },
  { code: 'usw2', region: 'us-west-2', azs: ['a', 'b', 'c'], area: 'country:US/state:CA' },
  { code: 'euw1', region: 'eu-west-1', azs: ['a', 'b', 'c'], area: 'continent:EU' },
  { code: 'euc1', region: 'eu-central-1', azs: ['a', 'b', 'c'], area: 'country:DE' },
  { code: 'apne1', region: 'ap-northeast-1', azs: ['a', 'c', 'd'], area: 'continent:AS' },
  { code: 'apse2', region: 'ap-southeast-2', azs: ['a', 'b', 'c'], area: 'continent:OC' },
  { code: 'sae1', region: 'sa-east-1', azs: ['a', 'b', 'c'], area: 'continent:SA' },
  { code: 'cac1', region: 'ca-central-1', azs: ['a', 'b', 'd'], area: 'country:CA' },
  { code: 'euw2', region: 'eu-west-2', azs: ['a', 'b', 'c'], area: 'country:GB' },
  { code: 'use2', region: 'us-east-2', azs: ['a', 'b', 'c'], area: 'country:US/state:OH' },
];

/** Control Regions and witness of every generated fleet: one Region set of DynamoDB. */
export const CONTROL = { regions: ['use2', 'usw2'], witness: 'use1' } as const;

/** Region set in which tables can be strongly consistent. */
export const STRONG_REGIONS: readonly string[] = ['use1', 'usw2', 'use2'];

/**
 * What a fleet sells. Groups of one tier share their structure, so that a large fleet has as many shapes as tiers and Regions, and not as
 * many as groups: that is how real ones are. What a tier leaves open, such as the size of its tasks, is drawn once per fleet.
 */
export interface Tier {
  /** How often it is sold, beside the others. */
  readonly weight: number;
  readonly mode: 'active-passive' | 'active-active' | 'single';
  readonly engine: 'serverless' | 'provisioned' | 'mysql' | 'table' | 'external' | 'none';
  readonly kind: 'fargate' | 'ec2';
}

export const TIERS: readonly Tier[] = [
  { weight: 18, mode: 'active-passive', engine: 'serverless', kind: 'fargate' },
  { weight: 8, mode: 'active-passive', engine: 'provisioned', kind: 'fargate' },
  { weight: 5, mode: 'active-passive', engine: 'mysql', kind: 'ec2' },
  { weight: 8, mode: 'active-passive', engine: 'table', kind: 'fargate' },
  { weight: 4, mode: 'active-passive', engine: 'external', kind: 'fargate' },
  { weight: 22, mode: 'active-active', engine: 'table', kind: 'fargate' },
  { weight: 6, mode: 'active-active', engine: 'table', kind: 'ec2' },
  { weight: 6, mode: 'active-active', engine: 'none', kind: 'fargate' },
  { weight: 8, mode: 'single', engine: 'serverless', kind: 'fargate' },
  { weight: 6, mode: 'single', engine: 'table', kind: 'fargate' },
  { weight: 6, mode: 'single', engine: 'none', kind: 'ec2' },
  { weight: 3, mode: 'single', engine: 'mysql', kind: 'fargate' },
];

/** CPU units and MiB that Fargate takes (aws-facts 8.3 names the vCPU quota). */
export const TASK_SIZES: readonly (readonly [cpu: number, memory: number])[] = [
  [256, 512],
  [512, 1024],
  [512, 2048],
  [1024, 2048],
  [2048, 4096],
];

/** Requests per second of a whole group: most are small, few are large. */
export const PEAKS: readonly (readonly [weight: number, peak: number])[] = [
  [30, 10],
  [25, 40],
  [20, 120],
  [15, 300],
  [8, 800],
  [2, 2400],
];

export const GROUP_FIRST: readonly string[] = [
  ...[
    'amber',
    'arctic',
    'atlas',
    'birch',
    'blue',
    'bright',
    'cedar',
    'cobalt',
    'coral',
    'crisp',
    'delta',
    'dune',
    'ember',
    'fern',
  ],
  ...[
    'flint',
    'forest',
    'frost',
    'gold',
    'granit',
    'green',
    'harbor',
    'indigo',
    'iron',
    'ivory',
    'jade',
    'lake',
    'linen',
    'lunar',
  ],
  ...['maple', 'mint', 'nimbus', 'north', 'ocean', 'olive', 'onyx', 'opal', 'pearl', 'pine', 'prime', 'quartz', 'rapid', 'river'],
  ...[
    'ruby',
    'sage',
    'silver',
    'solar',
    'steel',
    'stone',
    'summit',
    'swift',
    'terra',
    'tidal',
    'velvet',
    'vivid',
    'west',
    'zenith',
  ],
];

export const GROUP_SECOND: readonly string[] = [
  ...[
    'bank',
    'billing',
    'books',
    'care',
    'cargo',
    'catalog',
    'claims',
    'clinic',
    'crm',
    'desk',
    'edu',
    'energy',
    'events',
    'farm',
  ],
  ...[
    'fleet',
    'foods',
    'games',
    'health',
    'hotel',
    'hr',
    'jobs',
    'labs',
    'law',
    'ledger',
    'loans',
    'mail',
    'media',
    'metro',
    'music',
  ],
  ...[
    'news',
    'orders',
    'parks',
    'pay',
    'pharma',
    'ports',
    'rail',
    'retail',
    'shop',
    'sports',
    'stay',
    'stream',
    'studio',
    'supply',
  ],
  ...['tax', 'tools', 'trade', 'travel', 'trust', 'water', 'works'],
];

export const TENANT_FIRST: readonly string[] = [
  ...['acme', 'globex', 'initech', 'umbrella', 'hooli', 'stark', 'wayne', 'soylent', 'tyrell', 'cyberdyne', 'wonka', 'aperture'],
  ...['northwind', 'contoso', 'fabrikam', 'adventure', 'litware', 'proseware', 'tailspin', 'woodgrove', 'lucerne', 'margie'],
  ...[
    'bluth',
    'dunder',
    'prestige',
    'vandelay',
    'monarch',
    'oscorp',
    'sirius',
    'zorin',
    'gringotts',
    'octan',
    'virtucon',
    'massive',
  ],
];

export const TENANT_SECOND: readonly string[] = [
  ...['group', 'foods', 'labs', 'health', 'retail', 'energy', 'media', 'systems', 'partners', 'holdings', 'logistics', 'works'],
  ...[
    'insurance',
    'travel',
    'motors',
    'pharma',
    'telecom',
    'steel',
    'paper',
    'toys',
    'bank',
    'air',
    'rail',
    'mining',
    'textiles',
  ],
  ...['software', 'robotics', 'optics', 'marine', 'farms', 'studios', 'trust', 'robots', 'water', 'apparel', 'games'],
];
