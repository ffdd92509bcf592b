import { z } from 'zod';
import { regionReference } from '../names';
import { flag } from '../numbers';
import { span, stampId, stepId } from './parts';

const operation = <const T extends string, S extends z.ZodRawShape>(name: T, description: string, shape: S) =>
  z.strictObject({ do: z.literal(name).meta({ description }), ...shape }).meta({ title: name });
const stamp = (description: string) => stampId().meta({ description });

/** What an operator does: the operations of the engine, on the group of the drill. */
export const operationSchema = z
  .discriminatedUnion('do', [
    operation('evacuate', 'Throws the switch of a stamp: clients go elsewhere.', { stamp: stamp('Stamp to leave.') }),
    operation('readmit', 'Clients come back to a stamp.', { stamp: stamp('Stamp to return to.') }),
    operation('failover', 'Another Region takes over.', {
      to: regionReference().meta({ description: 'Region that takes over.' }),
      allowDataLoss: flag().prefault(false).meta({ description: 'Whether writes may be lost that had not been replicated.' }),
    }),
    operation('failback', 'The preferred Region serves again.', {}),
    operation('return', 'A Region that was lost becomes the standby.', { stamp: stamp('Stamp that came back.') }),
    operation('restore', 'Restores beside the live data.', {
      before: stepId().meta({ description: 'Step of this file: the data as it was before that step began.' }),
      margin: span('2s').prefault('1s').meta({ description: 'How long before.' }),
    }),
    operation('cutover', 'The restored data becomes the live data.', {
      of: stepId().meta({ description: 'Step that restored it.' }),
    }),
    operation('abandon', 'The restored data is removed.', { of: stepId().meta({ description: 'Step that restored it.' }) }),
  ])
  .meta({ description: 'Something that an operator does.' });
