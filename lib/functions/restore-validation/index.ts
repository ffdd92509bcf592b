import type { Verdict } from './request';
import { handle } from './wiring';

export function handler(event: unknown): Promise<Verdict> {
  return handle(event, {
    environment: process.env,
    print: (line) => {
      process.stdout.write(`${line}\n`);
    },
  });
}
