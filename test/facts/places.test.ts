import { describe, expect, test } from 'vitest';
import { PLACED_COUNTRIES, countryPlace, statePlace } from '../../lib/facts/countries';
import { isGeolocationArea } from '../../lib/facts/geolocations';
import { greatCircleDistance } from '../../lib/facts/great-circle';
import { PLACED_REGIONS, PLACES_AS_OF, regionPlace } from '../../lib/facts/region-places';
import { AWS_REGION_NAMES } from '../../lib/facts/regions';

describe('Regions', () => {
  test('every Region that the kit knows has a place, in a country that the table knows', () => {
    expect([...PLACED_REGIONS]).toEqual([...AWS_REGION_NAMES]);
    expect(PLACES_AS_OF).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const region of PLACED_REGIONS) {
      const { latitude, longitude, country, subdivision } = regionPlace(region)!;
      expect(Math.abs(latitude)).toBeLessThan(90);
      expect(Math.abs(longitude)).toBeLessThan(180);
      const near = subdivision === undefined ? countryPlace(country) : statePlace(subdivision);
      // Same country or state: a slip of sign or digit would be thousands of kilometres.
      expect(greatCircleDistance({ latitude, longitude }, near!)).toBeLessThan(3300);
    }
    expect(regionPlace('us-east-9')).toBeUndefined();
    expect(regionPlace('constructor')).toBeUndefined();
  });

  test.each<[a: string, b: string, kilometres: number]>([
    ['us-east-1', 'us-west-2', 3500],
    ['us-east-1', 'eu-west-1', 5400],
    ['eu-west-1', 'eu-central-1', 1100],
    ['ap-southeast-1', 'ap-southeast-2', 6300],
    ['sa-east-1', 'us-east-1', 7600],
  ])('%s and %s are about %d km apart', (a, b, kilometres) => {
    expect(Math.abs(greatCircleDistance(regionPlace(a)!, regionPlace(b)!) - kilometres)).toBeLessThan(250);
  });
});

describe('countries', () => {
  test('are those that geolocation records can name', () => {
    expect(PLACED_COUNTRIES).toHaveLength(250);
    expect(PLACED_COUNTRIES.every((country) => isGeolocationArea(`country:${country}`))).toBe(true);
    expect(countryPlace('ZZ')).toBeUndefined();
  });

  test('have a continent that geolocation records can name', () => {
    for (const country of PLACED_COUNTRIES) expect(isGeolocationArea(`continent:${countryPlace(country)!.continent}`)).toBe(true);
  });

  test.each([
    ['DE', 'EU'],
    ['US', 'NA'],
    ['MX', 'NA'],
    ['BR', 'SA'],
    ['EG', 'AF'],
    ['TR', 'AS'],
    ['RU', 'EU'],
    ['AU', 'OC'],
    ['AQ', 'AN'],
  ])('%s is in %s', (country, continent) => {
    expect(countryPlace(country)?.continent).toBe(continent);
  });

  test('fifty states and the district have a place', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
    const states = letters.flatMap((a) => letters.map((b) => `${a}${b}`)).filter((state) => statePlace(state) !== undefined);
    expect(states).toHaveLength(51);
    expect(statePlace('ZZ')).toBeUndefined();
  });
});

test('distance along the surface: a quarter of the equator, and nothing to itself', () => {
  expect(greatCircleDistance({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 90 })).toBeCloseTo((Math.PI / 2) * 6371, 6);
  expect(greatCircleDistance({ latitude: 48.1, longitude: 11.6 }, { latitude: 48.1, longitude: 11.6 })).toBe(0);
  expect(greatCircleDistance({ latitude: 0, longitude: 179 }, { latitude: 0, longitude: -179 })).toBeLessThan(223);
});
