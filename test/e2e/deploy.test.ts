import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll } from 'vitest';
import { describeAgain } from './parts/again';
import { describeChecks } from './parts/checks';
import { describeFirstDeployment } from './parts/first-deployment';
import { describeJoining } from './parts/joining';
import { describeOperations } from './parts/operations';
import { describePipeline } from './parts/pipeline';
import { describeRemoval } from './parts/removal';
import { describeRoute53 } from './parts/route53';
import { describeStamps } from './parts/stamps';
import { emulatorLog } from './support/emulator';
import { Project } from './support/project';
import { type Scene, ZONE } from './support/scene';

// One fleet lives through all of it, so the order matters, and the first failure ends the run.
const scene = {} as Scene;

beforeAll(async () => {
  // Other files ask the emulator for what it cannot answer, on purpose.
  scene.logStart = emulatorLog().length;
  const { HostedZone } = await new Route53Client({}).send(new CreateHostedZoneCommand({ Name: ZONE, CallerReference: 'e2e' }));
  scene.zoneId = HostedZone!.Id!.replace('/hostedzone/', '');
  scene.project = new Project(scene.zoneId);
});

afterAll(() => {
  scene.project.remove();
});

describeFirstDeployment(scene);
describeRoute53(scene);
describeStamps();
describeAgain(scene);
describeJoining(scene);
describeRemoval(scene);
describePipeline(scene);
describeOperations(scene);
describeChecks(scene);
