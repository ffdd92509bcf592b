import type { CallAction } from './action';

/** Calls of databases, tables, capacity, backups, validations and divergences. */
export const DATA_ACTIONS: readonly CallAction[] = [];
