/** Where a process of the lab listens. Always a loopback address. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export function endpointKey({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
