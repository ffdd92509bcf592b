import { runDeploy } from '../lib/cli/deploy/main';

void runDeploy(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
