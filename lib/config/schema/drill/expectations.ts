import { z } from 'zod';
import { percentage } from '../durations';
import { flag, option, wholeNumber } from '../numbers';
import { span, stepId } from './parts';

/** What has to be measured for the drill to have gone well. */
export const expectationsSchema = z
  .strictObject({
    from: stepId().optional().meta({
      description: 'Step that the clocks of RTO and RPO start with. By default the first fault, or the first operation.',
    }),
    objective: option(['availability', 'recovery']).prefault('availability').meta({
      description: 'Objective of the group that holds where `rto` or `rpo` is not given.',
    }),
    rto: span('20m').optional().meta({ description: 'Longest time until every population writes again.' }),
    rpo: span('1m').optional().meta({
      description: 'Longest span of acknowledged writes that may be gone. `0s`: not a single row.',
    }),
    consecutive: wholeNumber('good writes', { min: 1, max: 100 }).prefault(5).meta({
      description: 'Good writes in a row that count as recovered, and failures in a row that count as an outage.',
    }),
    errorBudget: percentage({ min: 0, max: 100 }).optional().meta({
      description: 'Share of all attempts that may fail, from the first step of the method to the end.',
    }),
    readAvailability: percentage({ min: 0, max: 100 }).optional().meta({
      description: 'Least share of reads that succeed, from the first step of the method to the end.',
    }),
    oneWriter: flag().prefault(true).meta({
      description: 'No two stamps acknowledge writes at the same time. Does not apply where every stamp writes.',
    }),
    messages: flag().prefault(true).meta({
      description: 'No acknowledged message is lost beyond the RPO, and none has its effect twice.',
    }),
    damagedRows: wholeNumber('rows', { min: 0, max: 1_000_000 }).prefault(0).meta({
      description: 'Rows that may say something else than what was written.',
    }),
    stays: flag().prefault(false).meta({ description: 'DNS leads to the same stamps all the time.' }),
    settle: span('15s').prefault('15s').meta({ description: 'How long the load goes on after the last step of the method.' }),
  })
  .meta({ description: 'What has to be measured. The bound of the proof always has to hold too.' });
