import type { Place } from './great-circle';

/** Day on which the tables of places (Regions, countries, states) last changed. */
export const PLACES_AS_OF = '2026-11-21';

/** Where a Region is, and where Route 53 would find a client that sits in it. */
export interface RegionPlace extends Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Subdivision, for the countries whose subdivisions Route 53 tells apart. */
  readonly subdivision?: string;
}

/**
 * The city or area that AWS names for each Region (endpoint data of the AWS SDK: `Europe (Frankfurt)`), to a tenth of a degree. Where
 * AWS names a country or a state only, the place is that of its zones as commonly known.
 */
const TABLE: Readonly<Record<string, string>> = {
  'af-south-1': '-33.9 18.4 ZA',
  'ap-east-1': '22.3 114.2 HK',
  'ap-east-2': '25.0 121.5 TW',
  'ap-northeast-1': '35.7 139.7 JP',
  'ap-northeast-2': '37.5 127.0 KR',
  'ap-northeast-3': '34.7 135.5 JP',
  'ap-south-1': '19.1 72.9 IN',
  'ap-south-2': '17.4 78.5 IN',
  'ap-southeast-1': '1.3 103.8 SG',
  'ap-southeast-2': '-33.9 151.2 AU',
  'ap-southeast-3': '-6.2 106.8 ID',
  'ap-southeast-4': '-37.8 145.0 AU',
  'ap-southeast-5': '3.1 101.7 MY',
  'ap-southeast-6': '-36.8 174.8 NZ',
  'ap-southeast-7': '13.8 100.5 TH',
  'ca-central-1': '45.5 -73.6 CA',
  'ca-west-1': '51.0 -114.1 CA',
  'eu-central-1': '50.1 8.7 DE',
  'eu-central-2': '47.4 8.5 CH',
  'eu-north-1': '59.3 18.1 SE',
  'eu-south-1': '45.5 9.2 IT',
  'eu-south-2': '41.6 -0.9 ES',
  'eu-west-1': '53.3 -6.3 IE',
  'eu-west-2': '51.5 -0.1 GB',
  'eu-west-3': '48.9 2.4 FR',
  'il-central-1': '32.1 34.8 IL',
  'me-central-1': '24.5 54.4 AE',
  'me-south-1': '26.2 50.6 BH',
  'me-west-1': '24.7 46.7 SA',
  'mx-central-1': '20.6 -100.4 MX',
  'sa-east-1': '-23.6 -46.6 BR',
  'us-east-1': '39.0 -77.5 US VA',
  'us-east-2': '40.0 -83.0 US OH',
  'us-west-1': '37.4 -121.9 US CA',
  'us-west-2': '45.8 -119.7 US OR',
};

const PLACES: ReadonlyMap<string, RegionPlace> = new Map(
  Object.entries(TABLE).map(([region, text]) => {
    const [latitude, longitude, country = '', subdivision] = text.split(' ');
    return [
      region,
      { latitude: Number(latitude), longitude: Number(longitude), country, ...(subdivision !== undefined && { subdivision }) },
    ];
  }),
);

/** Regions with a known place, sorted. */
export const PLACED_REGIONS: readonly string[] = [...PLACES.keys()];

/** Where a Region is, or undefined when the table does not know it. */
export function regionPlace(region: string): RegionPlace | undefined {
  return PLACES.get(region);
}
