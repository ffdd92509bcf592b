import { definedOf, type ResourceView } from '../resource-view';
import type { Drafts } from './drafts';
import { flagOr, numberOr } from './number-or';
import type { Reader } from './reader';

/** `AWS::SQS::Queue`. */
export const QUEUE_READERS: Readonly<Record<string, Reader>> = { 'AWS::SQS::Queue': readQueue };

function readQueue(view: ResourceView, drafts: Drafts): void {
  const redrive = view.at('RedrivePolicy');
  const arn = redrive.at('deadLetterTargetArn').text();
  drafts.queues.push(
    view.fact({
      name: view.name(),
      arn: view.attribute('Arn'),
      fifo: flagOr(view.at('FifoQueue'), false),
      visibilityTimeout: numberOr(view.at('VisibilityTimeout'), 30),
      retention: numberOr(view.at('MessageRetentionPeriod'), 345_600),
      deadLetter: arn === undefined ? undefined : definedOf({ arn, maxReceives: redrive.at('maxReceiveCount').number() }),
    }),
  );
}
