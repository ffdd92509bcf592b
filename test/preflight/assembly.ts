import type { AssemblyStack, TemplateResource } from '../../lib/assembly/read-assembly';

export const ACCOUNT = '111111111111';

export interface TestStack {
  readonly region?: string;
  readonly account?: string;
  /** Resources by logical id, or in a row as R0, R1 and so on. */
  readonly resources: readonly TemplateResource[] | Readonly<Record<string, TemplateResource>>;
  readonly bytes?: number;
  readonly sections?: Readonly<Record<string, unknown>>;
}

/** Stacks as an assembly holds them. */
export function stacksOf(stacks: Readonly<Record<string, TestStack>>): AssemblyStack[] {
  return Object.entries(stacks).map(([stackName, { region, account, resources, bytes, sections }]) => ({
    stackName,
    account: account ?? ACCOUNT,
    region: region ?? 'us-east-1',
    terminationProtection: true,
    templateBytes: bytes ?? 1000,
    template: {
      ...sections,
      Resources: Array.isArray(resources)
        ? Object.fromEntries(resources.map((resource: TemplateResource, index) => [`R${index}`, resource]))
        : (resources as Record<string, TemplateResource>),
    },
  }));
}

export function times(count: number, Type: string, Properties: Record<string, unknown> = {}): TemplateResource[] {
  return Array.from({ length: count }, () => ({ Type, Properties }));
}
