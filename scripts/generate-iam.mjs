// Writes docs/iam from the table of calls that the adapters of operations make (lib/aws/call/actions).
// With --fleet, --account, --role-prefix and --out: the same policies for a fleet of your own.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { loadSource } from './load-source.mjs';

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'iam');
const { values } = parseArgs({
  options: { fleet: { type: 'string' }, account: { type: 'string' }, 'role-prefix': { type: 'string' }, out: { type: 'string' } },
});
const { EXAMPLE_SCOPE, iamPage, policyOf, roleOf } = await loadSource('aws/call/policies.ts');
const out = values.out ?? docs;
const scope = (kind) => ({
  ...EXAMPLE_SCOPE,
  ...(values.fleet !== undefined && { fleet: values.fleet }),
  ...(values.account !== undefined && { account: values.account }),
  role: roleOf(kind, values['role-prefix']),
});

mkdirSync(out, { recursive: true });
for (const kind of ['operator', 'reader']) {
  const file = join(out, `${kind}.json`);
  await write(file, JSON.stringify(policyOf(kind, scope(kind))));
}
if (out === docs) {
  const page = join(docs, 'README.md');
  await write(page, iamPage(readFileSync(page, 'utf8')));
}

async function write(file, text) {
  writeFileSync(file, await format(text, { ...(await resolveConfig(join(docs, 'README.md'))), filepath: file }));
  process.stdout.write(`wrote ${file}\n`);
}
