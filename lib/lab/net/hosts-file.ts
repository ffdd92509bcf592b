import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPlan } from '../plan/lab-plan';
import type { Endpoint } from './endpoint';

/** Names that containers of a Region resolve, and where they lead to in the lab. */
export type Hosts = Readonly<Record<string, Endpoint>>;

export function hostsFile({ folder }: Pick<LabPlan, 'folder'>, region: string): string {
  return join(folder, `hosts-${region}.json`);
}

/** Replaces the whole file at once: readers never see half of it. */
export function writeHosts(file: string, hosts: Hosts): void {
  writeFileSync(`${file}.new`, JSON.stringify(hosts));
  renameSync(`${file}.new`, file);
}

export function readHosts(file: string): Hosts {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Hosts) : {};
}
