import { workerData } from 'node:worker_threads';
import type { ValidationOrder } from '../lib/stacks/stamping/validation-ahead';
import { runValidationThread } from '../lib/stacks/stamping/validation-thread';
import type { ThreadData } from '../lib/stacks/threads/side-thread';

/** Thread of `app` that validates the templates of a large fleet; never called by people. */
runValidationThread(workerData as ThreadData<ValidationOrder>);
