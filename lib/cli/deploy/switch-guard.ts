/** The parts of a template that the guard reads. */
export interface RoutingTemplate {
  readonly Resources?: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Properties?: {
          readonly HealthCheckConfig?: { readonly Type?: string; readonly ChildHealthChecks?: readonly unknown[] };
        };
      }
    >
  >;
}

export interface SwitchChanges {
  /** Checks (logical ids) that a deployed verdict would count without having seen any data. */
  readonly unseen: readonly string[];
  /** Deployed checks (logical ids) that a deployed verdict would start to count: they have to be healthy before. */
  readonly attached: readonly string[];
}

/**
 * What this deployment adds to verdicts that are already in use. A new inverted check is unhealthy until it has data
 * (aws-facts 2.3), so a check that is made and counted in one deployment takes every stamp out for minutes: a control Region joins in two
 * deployments (design 7).
 */
export function switchChanges(deployed: RoutingTemplate, next: RoutingTemplate): SwitchChanges {
  const unseen = new Set<string>();
  const attached = new Set<string>();
  for (const [logicalId, children] of verdicts(next)) {
    const before = verdicts(deployed).get(logicalId);
    // The verdict of a new stamp is new as a whole: nobody relies on it yet.
    if (before === undefined) continue;
    for (const child of children) {
      if (before.has(child)) continue;
      if (deployed.Resources?.[child] === undefined) unseen.add(child);
      else attached.add(child);
    }
  }
  return { unseen: [...unseen].sort(), attached: [...attached].sort() };
}

function verdicts({ Resources }: RoutingTemplate): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [logicalId, { Type, Properties }] of Object.entries(Resources ?? {})) {
    const config = Properties?.HealthCheckConfig;
    if (Type !== 'AWS::Route53::HealthCheck' || config?.Type !== 'CALCULATED') continue;
    found.set(logicalId, new Set((config.ChildHealthChecks ?? []).map(referred)));
  }
  return found;
}

function referred(child: unknown): string {
  const reference = child as { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly [string, string] };
  return reference['Fn::GetAtt']?.[0] ?? reference.Ref ?? JSON.stringify(child);
}
