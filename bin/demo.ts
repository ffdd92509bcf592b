import { runDemo } from '../lib/cli/demo';
import { standardStreams } from '../lib/cli/standard-streams';

runDemo('stamps', standardStreams()).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
