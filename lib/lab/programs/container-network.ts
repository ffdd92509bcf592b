/**
 * Loaded before a task's own program: names of AWS lead to the lab, as a container's network would do it. The program itself knows nothing of it. The
 * file of names is read again when it changes, because a restore makes new clusters.
 */
import { statSync } from 'node:fs';
import { Socket } from 'node:net';
import { type Hosts, readHosts } from '../net/hosts-file';

const file = process.env['STAMPKIT_LAB_HOSTS'];
let hosts: Hosts = {};
let readAt = -1;

function lookUp(name: string): { readonly host: string; readonly port: number } | undefined {
  if (file === undefined) return undefined;
  try {
    const { mtimeMs } = statSync(file);
    if (mtimeMs !== readAt) {
      hosts = readHosts(file);
      readAt = mtimeMs;
    }
  } catch {
    // No file yet: nothing is known.
  }
  return hosts[name];
}

interface Options {
  host?: string;
  port?: number;
  path?: string;
}

const connect = Object.getOwnPropertyDescriptor(Socket.prototype, 'connect')?.value as (
  this: Socket,
  ...args: unknown[]
) => Socket;

Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  // The forms of connect(): options, (port, host), and what net.connect() hands on, a list with options first.
  const first = args[0];
  if (Array.isArray(first)) {
    redirect(first[0] as Options);
  } else if (typeof first === 'object' && first !== null) {
    args[0] = { ...first };
    redirect(args[0] as Options);
  } else if (typeof args[1] === 'string') {
    const found = lookUp(args[1]);
    if (found !== undefined) {
      args[0] = found.port;
      args[1] = found.host;
    }
  }
  return connect.apply(this, args);
};

function redirect(options: Options): void {
  const found = options.host === undefined ? undefined : lookUp(options.host);
  if (found === undefined) return;
  options.host = found.host;
  options.port = found.port;
}
