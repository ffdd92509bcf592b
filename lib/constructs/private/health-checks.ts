import { Token } from 'aws-cdk-lib';
import { StampError } from '../../errors';
import { StampDatabaseProbe, type StampHealthDependency, type StampHealthProps } from '../stamp-health-props';
import { StampEgress } from '../stamp-network';

/** What can be known to be wrong before anything is deployed. Tokens pass: topology has checked what they stand for. */
export function checkHealthProps(props: StampHealthProps): void {
  checkPath(props.healthPath);
  checkDatabase(props);
  for (const dependency of props.dependencies ?? []) checkDependency(dependency);
  if (props.egress === StampEgress.ENDPOINTS_ONLY && props.computeTargetGroup === undefined) {
    throw new StampError(
      'HEALTH_TARGET_GROUP',
      'egress is endpoints-only and computeTargetGroup is missing',
      'Give the target group of the application: without a way out only the load balancing API can be asked.',
    );
  }
  const concurrency = props.reservedConcurrency;
  if (concurrency !== undefined && !Token.isUnresolved(concurrency) && !(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new StampError(
      'HEALTH_CONCURRENCY',
      `reservedConcurrency is ${concurrency}`,
      'Give a whole number above 0: with 0 the function never runs and the stamp is out of service.',
    );
  }
}

function checkPath(path: string): void {
  if (!Token.isUnresolved(path) && !path.startsWith('/')) {
    throw new StampError('HEALTH_PATH', `healthPath is "${path}"`, 'Begin it with a slash, such as /healthz.');
  }
}

function checkDatabase(props: StampHealthProps): void {
  const probe = props.databaseProbe ?? StampDatabaseProbe.NONE;
  const fail = (what: string, fix: string): StampError =>
    new StampError('HEALTH_DATABASE', `databaseProbe is ${probe} and ${what}`, fix);
  if (probe === StampDatabaseProbe.NONE) {
    if (props.databaseParameter !== undefined)
      throw fail('databaseParameter is given', 'Say with databaseProbe how to look at it.');
    return;
  }
  if (props.databaseParameter === undefined)
    throw fail('databaseParameter is missing', 'Give the parameter that points at the database.');
  const sql = probe === StampDatabaseProbe.POSTGRESQL || probe === StampDatabaseProbe.MYSQL;
  if (sql && props.databaseUser === undefined) throw fail('databaseUser is missing', 'Give the database user of the probe.');
  if (probe === StampDatabaseProbe.CONNECTION && props.databasePort === undefined) {
    throw fail('databasePort is missing', 'Give the port that the probe connects to.');
  }
}

function checkDependency({ name, url }: StampHealthDependency): void {
  if (Token.isUnresolved(url)) return;
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
    throw new StampError('HEALTH_DEPENDENCY', `the URL of dependency ${name} is "${url}"`, 'Give an absolute http or https URL.');
  }
}
