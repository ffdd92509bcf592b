import { workerData } from 'node:worker_threads';
import type { ThreadData } from '../lib/stacks/threads/side-thread';
import type { ValidationOrder } from '../lib/stacks/validation/validation-messages';
import { runValidationThread } from '../lib/stacks/validation/validation-thread';

/** Thread of `app` that validates the templates of a large fleet; never called by people. */
runValidationThread(workerData as ThreadData<ValidationOrder>);
