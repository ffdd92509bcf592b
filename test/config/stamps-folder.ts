import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig, type LoadedConfig } from '../../lib/config/load';
import type { Finding } from '../../lib/findings';

/** The smallest fleet.yaml. */
export const FLEET = `schemaVersion: 1
fleet: shop
account: "111111111111"
zone: { name: shop.example.com, hostedZoneId: Z0123456789ABCDEFGHIJ }
regions:
  use1: { region: us-east-1, azs: [a, b, c] }
  usw2: { region: us-west-2, azs: [a, b, c] }
  use2: { region: us-east-2, azs: [a, b, c] }
control: { regions: [use2, usw2], witness: use1 }
`;

/** A small group with every part that has required keys. */
export const GROUP = `group: web
tenants: [acme]
objectives:
  availability: { rto: 20m, rpo: 1m }
  recovery: { rto: 12h, rpo: 30h }
placement: { mode: active-passive, primary: use1, standby: usw2 }
compute:
  image: 111111111111.dkr.ecr.{region}.amazonaws.com/shop/web:1.4.2
  cpu: 512
  peakRequestsPerSecond: 400
  requestsPerSecondPerTask: 50
worker:
  image: 111111111111.dkr.ecr.{region}.amazonaws.com/shop/worker:1.4.2
  maxLatency: 60s
  averageProcessing: 200ms
  maxTasks: 40
database:
  engine: aurora-postgresql
  version: "16.8"
  serverless: { minAcu: 8, maxAcu: 32 }
  maxReplicationLag: 30s
`;

/** Marks in a text where a finding is expected; it is taken out before the text is written. */
export const MARK = '§';

/** Files of a folder by their path; null stands for an empty folder. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

/** Writes a folder, hands it over and removes it again. */
export function withFolder<T>(files: Files, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-config-'));
  try {
    for (const [file, content] of Object.entries(files)) {
      const path = join(folder, file);
      mkdirSync(content === null ? path : dirname(path), { recursive: true });
      if (content !== null) writeFileSync(path, typeof content === 'string' ? content.replace(MARK, '') : content);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a folder loads as: the smallest fleet with the given files changed or added. */
export function load(files: Files = {}): LoadedConfig {
  return withFolder({ 'fleet.yaml': FLEET, 'groups/web.yaml': GROUP, ...files }, loadConfig);
}

/** Replaces a piece of a text that must be there. */
export function edit(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the text does not hold ${from}`);
  return text.replace(from, () => to);
}

/** `groups/web.yaml:9:8 wrong-type` of the mark, wherever it is. */
export function expectedPlace(files: Files): string {
  for (const [file, content] of Object.entries(files)) {
    if (typeof content !== 'string' || !content.includes(MARK)) continue;
    const before = content.slice(0, content.indexOf(MARK)).split('\n');
    return `${file}:${before.length}:${before.at(-1)!.length + 1}`;
  }
  throw new Error('no file holds a mark');
}

/** `file:line:column code` of each finding. */
export function placesOf(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ where, code }) => `${[where.file, where.line, where.column].filter((part) => part !== undefined).join(':')} ${code}`,
  );
}

/** Errors only: the checks across files also have advice to give. */
export function errorsOf(loaded: LoadedConfig): Finding[] {
  return loaded.findings.filter((finding) => finding.severity === 'error' && finding.code !== 'lock-missing');
}
