import { workerData } from 'node:worker_threads';
import type { ProofOrder } from '../lib/stacks/proof/proof-messages';
import { runProofThread } from '../lib/stacks/proof/proof-thread';
import type { ThreadData } from '../lib/stacks/threads/side-thread';

/** Thread of `app` that proves a large fleet; never called by people. */
runProofThread(workerData as ThreadData<ProofOrder>);
