import type { Finding } from '../../findings';
import type { GroupConfig } from '../types';
import { type CheckContext, groupPlace, memberRegions, report } from './context';
import { namedRegion } from './external-database';

/** Set by the kit for every task (design 6, the application contract). */
const RESERVED_PREFIX = 'STAMP_';

/** Secrets and environment variables: each stamp's come from its own Region (R10). */
export function checkSecrets(group: GroupConfig, context: CheckContext): Finding[] {
  const { environment, secrets } = group.compute;
  const { oidc } = group.edge;
  const named = Object.entries(secrets).map(([variable, name]) => ({
    name,
    where: groupPlace(group, 'compute', 'secrets', variable),
  }));
  if (oidc !== undefined)
    named.push({ name: oidc.clientSecretName, where: groupPlace(group, 'edge', 'oidc', 'clientSecretName') });
  return [
    ...named.filter(({ name }) => name.startsWith('arn:')).map(({ name, where }) => byArn(name, where)),
    ...Object.keys({ ...environment, ...secrets }).flatMap((variable) => checkVariable(group, variable)),
    ...checkRegionsInEnvironment(group, context),
  ];
}

function byArn(arn: string, where: Finding['where']): Finding {
  const region = arn.split(':')[3] ?? '';
  const message = `"${arn}" is one secret in ${region}: stamps elsewhere cannot read it when ${region} is gone`;
  const fix = 'Write the name of the secret, and replicate it to every Region of the group: each stamp reads its own';
  return report('secret-single-region', where, message, fix);
}

function checkVariable(group: GroupConfig, variable: string): Finding[] {
  const { environment, secrets } = group.compute;
  const asSecret = Object.hasOwn(secrets, variable);
  const where = groupPlace(group, 'compute', asSecret ? 'secrets' : 'environment', variable);
  if (variable.startsWith(RESERVED_PREFIX)) {
    const message = `${variable} is set by the kit itself (every name that starts with ${RESERVED_PREFIX})`;
    return [report('environment-reserved', where, message, 'Choose another name')];
  }
  if (!asSecret || !Object.hasOwn(environment, variable)) return [];
  const message = `${variable} is given under environment and under secrets: ECS refuses two values for one variable`;
  return [report('environment-secret-clash', where, message, 'Keep one of the two')];
}

function checkRegionsInEnvironment(group: GroupConfig, context: CheckContext): Finding[] {
  const members = memberRegions(group, context);
  return Object.entries(group.compute.environment).flatMap(([variable, value]) => {
    const region = namedRegion(value);
    if (region === undefined || members.every((member) => member === region)) return [];
    const message = `${variable} says ${region} in every stamp of ${group.group} (${members.join(', ')}): stamps elsewhere would need that Region`;
    const where = groupPlace(group, 'compute', 'environment', variable);
    return [report('environment-names-region', where, message, 'Build the value from STAMP_REGION in the workload')];
  });
}
