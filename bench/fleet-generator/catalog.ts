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
