import type { Context } from 'aws-lambda';
import type { BootstrapReport } from '../../aws/database-bootstrap/request';
import { answerEvent } from './custom-resource';
import { buildBootstrapper } from './wiring';

export function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<BootstrapReport | undefined> {
  return answerEvent(
    event,
    buildBootstrapper({
      environment: process.env,
      remaining: () => context.getRemainingTimeInMillis(),
      print: (line) => {
        process.stdout.write(`${line}\n`);
      },
    }),
  );
}
