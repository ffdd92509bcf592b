import { workerData } from 'node:worker_threads';
import { runProofThread } from '../lib/stacks/proof/proof-thread';
import type { ProofOrder } from '../lib/stacks/proof/thread-messages';

/** Thread of `app` that proves a large fleet; never called by people. */
runProofThread(workerData as ProofOrder);
