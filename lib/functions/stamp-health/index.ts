import type { ALBResult } from 'aws-lambda';
import type { HealthDocument } from '../../health/document';
import { answerDoor } from './doors';
import type { Monitor } from './monitor';
import { readSettings } from './settings';
import { buildMonitor } from './wiring';

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Made at the first need and kept while the instance lives: memory, cache and connections are in it. */
let monitor: Monitor | undefined;

export function handler(event: unknown): Promise<ALBResult | HealthDocument> {
  return answerDoor(event, {
    document: () => (monitor ??= buildMonitor(readSettings(process.env), Date.now, log)).document(),
    log,
  });
}
