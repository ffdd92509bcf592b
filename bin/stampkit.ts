#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../lib/cli/main';
import { standardStreams } from '../lib/cli/standard-streams';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };

void runCli(process.argv.slice(2), standardStreams(), version).then((exitCode) => {
  // Not process.exit: output to a pipe may still be on its way.
  process.exitCode = exitCode;
});
