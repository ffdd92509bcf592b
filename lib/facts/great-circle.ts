/** A place on Earth in degrees; south and west are negative. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Mean radius of the Earth in kilometres (IUGG). */
const EARTH_RADIUS = 6371;

/** Kilometres between two places along the surface. */
export function greatCircleDistance(a: Place, b: Place): number {
  const [phiA, phiB] = [radians(a.latitude), radians(b.latitude)];
  const haversine =
    Math.sin((phiB - phiA) / 2) ** 2 + Math.cos(phiA) * Math.cos(phiB) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
