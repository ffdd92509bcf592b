import type { Server as HttpServer, RequestListener } from 'node:http';
import { type Server, createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { StampError } from '../../errors';
import type { Endpoint } from './endpoint';
import { listen } from './rpc';

/** Port of a lab's control endpoint: the first address of its block. */
const CONTROL_PORT = 20_000;

/**
 * Addresses for one lab. On Linux and Windows all of 127.0.0.0/8 is the loopback interface, so each lab takes a block of its own
 * and each part an address of its own, as on a network: ports never clash with another lab's, nor with connections that go out. Elsewhere
 * only 127.0.0.1 exists: then every part gets a free port there, and the addresses that DNS answers are made up.
 */
export class Addresses {
  private hosts = 1;
  private readonly ports = new Map<string, number>();

  private constructor(
    private readonly block: string,
    private readonly own: boolean,
    public readonly control: Endpoint,
  ) {}

  /** Takes a block by listening in it. @throws StampError `LAB_NO_ADDRESSES` */
  public static async claim(listener: RequestListener): Promise<{ readonly addresses: Addresses; readonly server: HttpServer }> {
    const own = process.platform === 'linux' || process.platform === 'win32';
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const block = `127.${randomInt(64, 250)}.${randomInt(0, 250)}`;
      const control = own ? { host: `${block}.1`, port: CONTROL_PORT } : { host: '127.0.0.1', port: await freePort() };
      try {
        const server = await listen(control, listener);
        return { addresses: new Addresses(block, own, control), server };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      }
    }
    throw new StampError(
      'LAB_NO_ADDRESSES',
      'no free block of loopback addresses was found',
      'Stop other labs with `stampkit lab down --all`.',
    );
  }

  /** An address of its own, for a part that has several endpoints. @throws StampError `LAB_TOO_LARGE` */
  public host(): string {
    this.hosts += 1;
    if (this.hosts > 254) {
      throw new StampError(
        'LAB_TOO_LARGE',
        'the fleet has more parts than a lab has addresses (253)',
        'Choose tenant groups with --group.',
      );
    }
    return `${this.block}.${this.hosts}`;
  }

  /** An endpoint at an address that {@link host} gave. */
  public async endpoint(host: string): Promise<Endpoint> {
    if (!this.own) return { host: '127.0.0.1', port: await freePort() };
    const port = (this.ports.get(host) ?? CONTROL_PORT) + 1;
    this.ports.set(host, port);
    return { host, port };
  }
}

/** A port of 127.0.0.1 where nobody listens at this moment. */
async function freePort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
