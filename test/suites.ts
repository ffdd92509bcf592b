/**
 * Tests that start other programs (the CDK CLI, PostgreSQL, the compiler, a shell, our own commands as processes) or servers, and those that
 * synthesize whole fleets many times over: half a minute each would be too much for `npm test`.
 */
export const PROGRAMS = [
  'test/readme/{commands,snippets}.test.ts',
  'test/cli/{process,demo}.test.ts',
  'test/cli/operations/{group-proof,scripts,ctrl-c}.test.ts',
  'test/ci/shell-script.test.ts',
  'test/bench/**/*.test.ts',
  'test/contract/wire.test.ts',
  'test/wire/**/*.test.ts',
  'test/stacks/synth-checks.test.ts',
  'test/stacks/{example-fleet,fleet-app,fleet-acknowledgements,iam-wildcards,large-fleet,proof-ahead,proof-plugin,routing-stack,stamp-stack}.test.ts',
  'test/assembly/example-fleet.test.ts',
  'test/stacks/{stamping,validation}/**/*.test.ts',
  'test/aws/database-bootstrap/postgresql.test.ts',
  'test/aws/operations/{dns,loopback}.test.ts',
  'test/functions/database-bootstrap/bootstrap.test.ts',
  'test/functions/restore-validation/restored-postgres.test.ts',
];

/** Tests that start a whole lab, or a browser: real time passes in them, so they need a machine that is otherwise idle. */
export const LAB = ['test/lab/running/**/*.test.ts', 'test/browser/**/*.test.ts'];
