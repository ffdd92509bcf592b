import type { AssemblyStack } from '../../lib/assembly/read-assembly';
import { parseFleet } from '../../lib/assembly/parse-fleet';
import type { ParsedFleet } from '../../lib/assembly/parsed-fleet';

/** A stack written by hand, as CloudFormation would receive it. */
export interface HandWrittenStack {
  readonly name?: string;
  readonly region?: string;
  readonly account?: string;
  /** `[type, properties]`, or the whole resource. */
  readonly resources: Readonly<Record<string, readonly [string, unknown?] | Readonly<Record<string, unknown>>>>;
  /** Parameters, Conditions, Mappings, Outputs. */
  readonly sections?: Readonly<Record<string, unknown>>;
}

/** The name is `app`, the Region us-east-1 and the account 111111111111 unless said otherwise. */
export function handWritten({ name, region, account, resources, sections }: HandWrittenStack): AssemblyStack {
  return {
    stackName: name ?? 'app',
    account: account ?? '111111111111',
    region: region ?? 'us-east-1',
    terminationProtection: false,
    templateBytes: 1000,
    template: {
      ...sections,
      Resources: Object.fromEntries(
        Object.entries(resources).map(([logicalId, resource]) => [
          logicalId,
          Array.isArray(resource) ? { Type: resource[0] as string, Properties: resource[1] } : resource,
        ]),
      ) as AssemblyStack['template']['Resources'],
    },
  };
}

export function factsOfTemplates(...stacks: readonly HandWrittenStack[]): ParsedFleet {
  return parseFleet(stacks.map(handWritten));
}
