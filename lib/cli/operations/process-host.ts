import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Identity } from '../../operations/execute/execute';
import type { OperationsHost } from './host';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** This process: its signals, its timers, its user, AWS. Nothing is loaded or listened to before a command asks for it. */
export function processHost(environment: Readonly<Record<string, string | undefined>> = process.env): OperationsHost {
  let known: Identity | undefined;
  let leaving = false;
  const identity = (): Identity => (known ??= identityOf(environment));
  return {
    ports: async (request) => {
      const { operationPorts } = await import('./ports.js');
      return operationPorts(request, identity().operator);
    },
    identity,
    onInterrupt: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds);
      return () => {
        clearInterval(timer);
      };
    },
    leave: (exitCode) => {
      // Nobody reads what was written: whoever asks again is not kept waiting for it.
      if (leaving) process.exit(exitCode);
      leaving = true;
      // Each call back comes when what was written before it is out.
      process.stdout.write('', () => {
        process.stderr.write('', () => {
          process.exit(exitCode);
        });
      });
    },
    proof: async (fleet, group, assembly) => {
      const { groupProof } = await import('./group-proof.js');
      return groupProof(fleet, group, assembly);
    },
  };
}

/** STAMPKIT_OPERATOR, or who is logged in here. A pipeline has nobody; it names its job. */
function identityOf(environment: Readonly<Record<string, string | undefined>>): Identity {
  const given = (environment['STAMPKIT_OPERATOR'] ?? '').replace(/[^\w+=,.@-]/g, '-').slice(0, 48);
  const operator = given === '' ? loggedIn() : given;
  return { operator, holder: `${operator}@${hostname()}/${process.pid}/${randomBytes(4).toString('hex')}` };
}

function loggedIn(): string {
  try {
    return userInfo().username;
  } catch {
    // A container whose user has no entry.
    return `uid-${process.getuid?.() ?? 0}`;
  }
}
