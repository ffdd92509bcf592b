import { isPortError, type OperationPorts, type PortError } from '../../ports';
import { counted } from '../terminal';

/** Ports whose failures are worth a line; the others are this machine's own. */
const WATCHED = [
  'probes',
  'routing',
  'switches',
  'databases',
  'tables',
  'capacity',
  'queues',
  'backups',
  'validations',
  'divergences',
  'pointers',
  'stacks',
  'controlTable',
] as const satisfies readonly (keyof OperationPorts)[];

/** Places that are named of one cause; the others are counted. */
const SHOWN = 3;

/**
 * Remembers what ports refused. To a decision a call that is not allowed is as good as one that nobody answered; to a person it is the one
 * thing to mend, and says which action and role are missing.
 */
export class Silence {
  private readonly errors: { readonly port: string; readonly error: PortError }[] = [];

  /** The same ports, watched. */
  public watch(ports: OperationPorts): OperationPorts {
    const watched = Object.fromEntries(WATCHED.map((name) => [name, this.watched(name, ports[name])]));
    return { ...ports, ...watched };
  }

  /** One line for every cause that somebody can mend. */
  public lines(): string[] {
    return this.causes(({ error }) => error.kind === 'denied');
  }

  /** One line for every cause of whatever one port did not do. */
  public linesOf(port: (typeof WATCHED)[number]): string[] {
    return this.causes((each) => each.port === port);
  }

  private causes(wanted: (each: { readonly port: string; readonly error: PortError }) => boolean): string[] {
    const causes = new Map<string, Set<string>>();
    for (const { error } of this.errors.filter(wanted)) {
      const { kind, place, message } = error;
      const where = `${place.service} ${place.call} in ${place.region}`;
      const cause = `${kind}: ${message.startsWith(`${where}: `) ? message.slice(where.length + 2) : message}`;
      causes.set(cause, (causes.get(cause) ?? new Set()).add(where));
    }
    return [...causes].map(([cause, places]) => {
      const named = [...places].sort();
      const more = named.length - SHOWN;
      return `${cause} (${named.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${counted(more, 'other call')}` : ''})`;
    });
  }

  /** True when a port answered that the caller may not: it is there, and anything but silent. */
  public wasDenied(port: (typeof WATCHED)[number]): boolean {
    return this.errors.some((each) => each.port === port && each.error.kind === 'denied');
  }

  private watched<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, key): unknown => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(member, target, args);
          if (result instanceof Promise)
            result.catch((error: unknown) => {
              this.note(name, error);
            });
          return result;
        };
      },
    });
  }

  private note(port: string, error: unknown): void {
    if (isPortError(error)) this.errors.push({ port, error });
  }
}
