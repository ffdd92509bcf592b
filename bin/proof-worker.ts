import { workerData } from 'node:worker_threads';
import { answerProof, type ProofOrder } from '../lib/stacks/proof-thread';

/** Thread of `app` that proves a large fleet; never called by people. */
answerProof(workerData as ProofOrder);
