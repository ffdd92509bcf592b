/** What the engines need of the world (design 4). One file per port; adapters are in `lib/aws`, fakes in `test/fakes`. */
export * from './ports/backups';
export * from './ports/capacity';
export * from './ports/clock';
export * from './ports/control-table';
export * from './ports/databases';
export * from './ports/dns';
export * from './ports/guard';
export * from './ports/operation-ports';
export * from './ports/pointers';
export * from './ports/port-error';
export * from './ports/probes';
export * from './ports/queues';
export * from './ports/quotas';
export * from './ports/reporter';
export * from './ports/stamp-ref';
export * from './ports/switches';
export * from './ports/tables';
