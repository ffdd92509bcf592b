export { entryOf } from '../entry-of';
export { compareText, deeplySorted, sortedRecord } from '../order';
