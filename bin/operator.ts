import { text } from 'node:stream/consumers';
import { type OperatorOrder, runOperator } from '../lib/cli/drill/operator-process';

/** An operator of a drill in the lab, as a process that can be killed. Told what to do on standard input; never called by people. */
text(process.stdin)
  .then((order) =>
    runOperator(JSON.parse(order) as OperatorOrder, (word) => {
      process.stdout.write(`${JSON.stringify(word)}\n`);
    }),
  )
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
