import { runDeploy } from '../lib/cli/deploy/main';
import { standardStreams } from '../lib/cli/standard-streams';

void runDeploy(process.argv.slice(2), standardStreams()).then((exitCode) => {
  process.exitCode = exitCode;
});
