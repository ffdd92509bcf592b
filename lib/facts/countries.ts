import type { Place } from './great-circle';

/** Continents as Route 53 codes them. */
export type ContinentCode = 'AF' | 'AN' | 'AS' | 'EU' | 'NA' | 'OC' | 'SA';

export interface CountryPlace extends Place {
  readonly continent: ContinentCode;
}

/**
 * Every country of geolocations.ts by continent, with the place of the city that names its time zone, or of the most populous one
 * (IANA time zone database, zone.tab, public domain), to a tenth of a degree. Route 53 publishes which continents and countries exist,
 * not which country belongs to which continent: continents follow the usual assignment of GeoIP databases, which differs from
 * other lists for CY, GE, AM, AZ, KZ, TR, IL (AS), RU (EU) and EG (AF).
 */
const TABLE: Readonly<Record<ContinentCode, string>> = {
  AF:
    'AO -8.8 13.2, BF 12.4 -1.5, BI -3.4 29.4, BJ 6.5 2.6, BW -24.6 25.9, CD -4.3 15.3, CF 4.4 18.6, CG -4.3 15.3, ' +
    'CI 5.3 -4, CM 4 9.7, CV 14.9 -23.5, DJ 11.6 43.1, DZ 36.8 3, EG 30.1 31.2, EH 27.1 -13.2, ER 15.3 38.9, ' +
    'ET 9 38.7, GA 0.4 9.4, GH 5.5 -0.2, GM 13.5 -16.6, GN 9.5 -13.7, GQ 3.8 8.8, GW 11.8 -15.6, IO -7.3 72.4, ' +
    'KE -1.3 36.8, KM -11.7 43.3, LR 6.3 -10.8, LS -29.5 27.5, LY 32.9 13.2, MA 33.6 -7.6, MG -18.9 47.5, ' +
    'ML 12.7 -8, MR 18.1 -15.9, MU -20.2 57.5, MW -15.8 35, MZ -26 32.6, NA -22.6 17.1, NE 13.5 2.1, NG 6.5 3.4, ' +
    'RE -20.9 55.5, RW -1.9 30.1, SC -4.7 55.5, SD 15.6 32.5, SH -15.9 -5.7, SL 8.5 -13.2, SN 14.7 -17.4, ' +
    'SO 2.1 45.4, SS 4.8 31.6, ST 0.3 6.7, SZ -26.3 31.1, TD 12.1 15.1, TG 6.1 1.2, TN 36.8 10.2, TZ -6.8 39.3, ' +
    'UG 0.3 32.4, YT -12.8 45.2, ZA -26.2 28, ZM -15.4 28.3, ZW -17.8 31.1',
  AN: 'AQ -77.8 166.6, BV -54.4 3.4, GS -54.3 -36.5, HM -53.1 73.5, TF -49.4 70.2',
  AS:
    'AE 25.3 55.3, AF 34.5 69.2, AM 40.2 44.5, AZ 40.4 49.9, BD 23.7 90.4, BH 26.4 50.6, BN 4.9 114.9, BT 27.5 89.7, ' +
    'CC -12.2 96.9, CN 31.2 121.5, CX -10.4 105.7, CY 35.2 33.4, GE 41.7 44.8, HK 22.3 114.2, ID -6.2 106.8, ' +
    'IL 31.8 35.2, IN 22.5 88.4, IQ 33.4 44.4, IR 35.7 51.4, JO 31.9 35.9, JP 35.7 139.7, KG 42.9 74.6, ' +
    'KH 11.6 104.9, KP 39 125.8, KR 37.5 127, KW 29.3 48, KZ 43.2 77, LA 18 102.6, LB 33.9 35.5, LK 6.9 79.8, ' +
    'MM 16.8 96.2, MN 47.9 106.9, MO 22.2 113.5, MV 4.2 73.5, MY 3.2 101.7, NP 27.7 85.3, OM 23.6 58.6, PH 14.6 121, ' +
    'PK 24.9 67, PS 31.5 34.5, QA 25.3 51.5, SA 24.6 46.7, SG 1.3 103.8, SY 33.5 36.3, TH 13.8 100.5, TJ 38.6 68.8, ' +
    'TM 38 58.4, TR 41 29, TW 25.1 121.5, UZ 41.3 69.3, VN 10.8 106.7, YE 12.8 45.2',
  EU:
    'AD 42.5 1.5, AL 41.3 19.8, AT 48.2 16.3, AX 60.1 19.9, BA 43.9 18.4, BE 50.8 4.3, BG 42.7 23.3, BY 53.9 27.6, ' +
    'CH 47.4 8.5, CZ 50.1 14.4, DE 52.5 13.4, DK 55.7 12.6, EE 59.4 24.8, ES 40.4 -3.7, FI 60.2 25, FO 62 -6.8, ' +
    'FR 48.9 2.3, GB 51.5 -0.1, GG 49.5 -2.5, GI 36.1 -5.3, GR 38 23.7, HR 45.8 16, HU 47.5 19.1, IE 53.3 -6.2, ' +
    'IM 54.1 -4.5, IS 64.2 -21.9, IT 41.9 12.5, JE 49.2 -2.1, LI 47.1 9.5, LT 54.7 25.3, LU 49.6 6.2, LV 57 24.1, ' +
    'MC 43.7 7.4, MD 47 28.8, ME 42.4 19.3, MK 42 21.4, MT 35.9 14.5, NL 52.4 4.9, NO 59.9 10.8, PL 52.2 21, ' +
    'PT 38.7 -9.1, RO 44.4 26.1, RS 44.8 20.5, RU 55.8 37.6, SE 59.3 18.1, SI 46 14.5, SJ 78 16, SK 48.1 17.1, ' +
    'SM 43.9 12.5, UA 50.4 30.5, VA 41.9 12.5, XK 42.7 21.2',
  NA:
    'AG 17.1 -61.8, AI 18.2 -63.1, AW 12.5 -70, BB 13.1 -59.6, BL 17.9 -62.9, BM 32.3 -64.8, BQ 12.2 -68.3, ' +
    'BS 25.1 -77.3, BZ 17.5 -88.2, CA 43.6 -79.4, CR 9.9 -84.1, CU 23.1 -82.4, CW 12.2 -69, DM 15.3 -61.4, ' +
    'DO 18.5 -69.9, GD 12.1 -61.8, GL 64.2 -51.7, GP 16.2 -61.5, GT 14.6 -90.5, HN 14.1 -87.2, HT 18.5 -72.3, ' +
    'JM 18 -76.8, KN 17.3 -62.7, KY 19.3 -81.4, LC 14 -61, MF 18.1 -63.1, MQ 14.6 -61.1, MS 16.7 -62.2, ' +
    'MX 19.4 -99.2, NI 12.2 -86.3, PA 9 -79.5, PM 47 -56.3, PR 18.5 -66.1, SV 13.7 -89.2, SX 18.1 -63, ' +
    'TC 21.5 -71.1, TT 10.7 -61.5, US 40.7 -74, VC 13.2 -61.2, VG 18.4 -64.6, VI 18.4 -64.9',
  OC:
    'AS -14.3 -170.7, AU -33.9 151.2, CK -21.2 -159.8, FJ -18.1 178.4, FM 7.4 151.8, GU 13.5 144.8, KI 1.4 173, ' +
    'MH 7.2 171.2, MP 15.2 145.8, NC -22.3 166.4, NF -29.1 168, NR -0.5 166.9, NU -19 -169.9, NZ -36.9 174.8, ' +
    'PF -17.5 -149.6, PG -9.5 147.2, PN -25.1 -130.1, PW 7.3 134.5, SB -9.5 160.2, TK -9.4 -171.2, TL -8.6 125.6, ' +
    'TO -21.1 -175.2, TV -8.5 179.2, UM 28.2 -177.4, VU -17.7 168.4, WF -13.3 -176.2, WS -13.8 -171.7',
  SA:
    'AR -34.6 -58.5, BO -16.5 -68.2, BR -23.5 -46.6, CL -33.5 -70.7, CO 4.6 -74.1, EC -2.2 -79.8, FK -51.7 -57.9, ' +
    'GF 4.9 -52.3, GY 6.8 -58.2, PE -12.1 -77, PY -25.3 -57.7, SR 5.8 -55.2, UY -34.9 -56.2, VE 10.5 -66.9',
};

const COUNTRIES: ReadonlyMap<string, CountryPlace> = new Map(
  (Object.entries(TABLE) as [ContinentCode, string][]).flatMap(([continent, text]) =>
    text.split(', ').map((entry): [string, CountryPlace] => {
      const [country = '', latitude, longitude] = entry.split(' ');
      return [country, { continent, latitude: Number(latitude), longitude: Number(longitude) }];
    }),
  ),
);

/** Codes of all countries in the table. */
export const PLACED_COUNTRIES: readonly string[] = [...COUNTRIES.keys()];

/** Continent and place of a country, or undefined when there is no such code. */
export function countryPlace(country: string): CountryPlace | undefined {
  return COUNTRIES.get(country);
}

/** Largest city of each state of the United States and of its district, to a tenth of a degree. */
const STATES: Readonly<Record<string, string>> = {
  AK: '61.2 -149.9',
  AL: '34.7 -86.6',
  AR: '34.7 -92.3',
  AZ: '33.4 -112.1',
  CA: '34.1 -118.2',
  CO: '39.7 -105',
  CT: '41.2 -73.2',
  DC: '38.9 -77',
  DE: '39.7 -75.5',
  FL: '30.3 -81.7',
  GA: '33.7 -84.4',
  HI: '21.3 -157.9',
  IA: '41.6 -93.6',
  ID: '43.6 -116.2',
  IL: '41.9 -87.6',
  IN: '39.8 -86.2',
  KS: '37.7 -97.3',
  KY: '38.3 -85.8',
  LA: '30 -90.1',
  MA: '42.4 -71.1',
  MD: '39.3 -76.6',
  ME: '43.7 -70.3',
  MI: '42.3 -83',
  MN: '45 -93.3',
  MO: '39.1 -94.6',
  MS: '32.3 -90.2',
  MT: '45.8 -108.5',
  NC: '35.2 -80.8',
  ND: '46.9 -96.8',
  NE: '41.3 -95.9',
  NH: '43 -71.5',
  NJ: '40.7 -74.2',
  NM: '35.1 -106.7',
  NV: '36.2 -115.1',
  NY: '40.7 -74',
  OH: '40 -83',
  OK: '35.5 -97.5',
  OR: '45.5 -122.7',
  PA: '40 -75.2',
  RI: '41.8 -71.4',
  SC: '32.8 -79.9',
  SD: '43.5 -96.7',
  TN: '36.2 -86.8',
  TX: '29.8 -95.4',
  UT: '40.8 -111.9',
  VA: '36.9 -76',
  VT: '44.5 -73.2',
  WA: '47.6 -122.3',
  WI: '43 -87.9',
  WV: '38.3 -81.6',
  WY: '41.1 -104.8',
};

/** Place of a state of the United States, or undefined when there is no such code. */
export function statePlace(state: string): Place | undefined {
  const text = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (text === undefined) return undefined;
  const [latitude, longitude] = text.split(' ');
  return { latitude: Number(latitude), longitude: Number(longitude) };
}
