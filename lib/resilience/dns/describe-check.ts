import type { HealthCheckConfig } from '../../assembly/route53-types';

/** A check in a few words: its name, or what it looks at; the id when nothing else is known. */
export function describeCheck(id: string, config: HealthCheckConfig | undefined, name?: string): string {
  return name ?? describeConfig(id, config);
}

function describeConfig(id: string, config: HealthCheckConfig | undefined): string {
  if (config === undefined) return `check ${id}`;
  const inverted = config.Inverted === true ? 'inverted ' : '';
  switch (config.Type) {
    case 'CALCULATED':
      return `${inverted}calculated check over ${config.ChildHealthChecks?.length ?? 0}`;
    case 'CLOUDWATCH_METRIC':
      return `${inverted}check of alarm ${config.AlarmIdentifier?.Name ?? '?'} in ${config.AlarmIdentifier?.Region ?? '?'}`;
    case 'RECOVERY_CONTROL':
      return `${inverted}check of routing control ${config.RoutingControlArn?.split('/').at(-1) ?? '?'}`;
    default: {
      const host = config.FullyQualifiedDomainName ?? config.IPAddress ?? '?';
      const port = config.Port === undefined || config.Port === defaultPort(config.Type) ? '' : `:${config.Port}`;
      return `${inverted}${config.Type} check of ${host}${port}${config.Type === 'TCP' ? '' : (config.ResourcePath ?? '')}`;
    }
  }
}

function defaultPort(type: HealthCheckConfig['Type']): number | undefined {
  if (type === 'TCP') return undefined;
  return type.startsWith('HTTPS') ? 443 : 80;
}
