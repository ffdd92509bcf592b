import { runDemo } from '../lib/cli/demo/run-demo';
import { openGroupLab } from '../lib/cli/drill/lab-target';
import { processHost } from '../lib/cli/operations/process-host';
import { standardStreams } from '../lib/cli/standard-streams';

runDemo({
  stamps: 'stamps',
  terminal: standardStreams(),
  host: processHost(),
  out: 'drill-reports',
  openLab: openGroupLab,
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
