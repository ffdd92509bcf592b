import type { ResourceView } from '../resource-view';
import type { Drafts } from './drafts';

/** Reads one resource of the type it is registered for. */
export type Reader = (view: ResourceView, drafts: Drafts) => void;
