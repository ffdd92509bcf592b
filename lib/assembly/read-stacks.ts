import { compareText } from '../order';
import { assemblyFinding, type AssemblyFinding } from './finding-codes';
import { TemplateResolver } from './intrinsics/resolver';
import { SharedValues } from './intrinsics/shared-values';
import { asMapping, asText, Unresolved } from './intrinsics/unresolved';
import type { ParsedStack, SkippedType } from './parsed-fleet';
import type { AssemblyStack, TemplateResource } from './read-assembly';
import { READERS } from './readers/all-readers';
import { noDrafts, type Drafts } from './readers/drafts';
import { ResourceView } from './resource-view';

/** What the stacks of an assembly say, before references between resources are followed. */
export interface StackContents {
  readonly drafts: Drafts;
  readonly stacks: readonly ParsedStack[];
  readonly findings: readonly AssemblyFinding[];
  readonly skipped: readonly SkippedType[];
}

/**
 * Reads stacks one after the other and keeps nothing of a template once its facts are taken, except where it waits for a value that a
 * later stack exports.
 */
export function readStacks(stacks: Iterable<AssemblyStack>): StackContents {
  const all = noDrafts();
  const findings: AssemblyFinding[] = [];
  const parsed: ParsedStack[] = [];
  const skipped = new Map<string, number>();
  const shared = new SharedValues();
  const waiting: { readonly stack: AssemblyStack; readonly resolver: TemplateResolver }[] = [];

  const take = (stack: AssemblyStack, resolver: TemplateResolver): boolean => {
    const [drafts, problems] = [noDrafts(), [] as AssemblyFinding[]];
    resolver.begin();
    readResources(stack, resolver, drafts, problems);
    if (resolver.hasToWait()) return false;
    for (const [key, list] of Object.entries(drafts)) (all[key as keyof Drafts] as unknown[]).push(...(list as unknown[]));
    findings.push(...problems);
    return true;
  };

  for (const stack of stacks) {
    parsed.push(stackOf(stack));
    findings.push(...environmentFindings(stack));
    countSkipped(stack, skipped);
    const resolver = new TemplateResolver(stack, shared);
    const done = take(stack, resolver);
    offerValues(stack, resolver, shared);
    if (!done) waiting.push({ stack, resolver });
  }
  shared.complete();
  for (const { stack, resolver } of waiting) take(stack, resolver);

  return {
    drafts: all,
    stacks: parsed.sort((a, b) => compareText(a.name, b.name)),
    findings,
    skipped: [...skipped]
      .map(([type, count]) => ({ type, count }))
      .sort((a, b) => b.count - a.count || compareText(a.type, b.type)),
  };
}

function readResources(stack: AssemblyStack, resolver: TemplateResolver, drafts: Drafts, findings: AssemblyFinding[]): void {
  for (const [logicalId, resource] of Object.entries(stack.template.Resources)) {
    if (!isResource(resource)) findings.push(notAResource(stack.stackName, logicalId));
    const reader = READERS.get(resource.Type);
    if (reader !== undefined && isThere(stack, logicalId, resource, resolver, findings)) {
      reader(new ResourceView(stack, logicalId, resource, resolver, findings), drafts);
    }
  }
}

/** Language extensions put loops where resources are. */
function isResource(resource: unknown): boolean {
  return typeof asMapping(resource)?.['Type'] === 'string';
}

function notAResource(stackName: string, logicalId: string): AssemblyFinding {
  return assemblyFinding(
    'template-resource-invalid',
    stackName,
    [logicalId],
    `${stackName}/${logicalId} is no resource: it has no Type`,
    'Expand language extensions such as Fn::ForEach before the template is read.',
  );
}

/** Without a decision about its condition a resource counts as absent, and that is said. */
function isThere(
  stack: AssemblyStack,
  logicalId: string,
  resource: TemplateResource,
  resolver: TemplateResolver,
  findings: AssemblyFinding[],
): boolean {
  const exists = resolver.exists(resource);
  if (!(exists instanceof Unresolved)) return exists;
  findings.push(
    assemblyFinding(
      'template-condition-unresolved',
      stack.stackName,
      [logicalId, 'Condition'],
      `${resource.Type} ${stack.stackName}/${logicalId} is taken as absent, because its condition cannot be resolved: ${exists.reason}`,
      'Give the parameters of the condition defaults.',
    ),
  );
  return false;
}

/** Made apart from everything else in scope: a function next to the resolver would keep its template alive. */
function always<T>(value: T): () => T {
  return () => value;
}

/** Exports and SSM parameters, for the stacks that read them. */
function offerValues(stack: AssemblyStack, resolver: TemplateResolver, shared: SharedValues): void {
  const environment = `${stack.account}/${stack.region}`;
  const offer = (kind: 'export' | 'parameter', rawName: unknown, raw: unknown): void => {
    resolver.begin();
    const name = asText(resolver.resolve(rawName));
    const value = resolver.resolve(raw);
    const waits = resolver.hasToWait();
    if (name !== undefined) shared.offer(kind, environment, name, waits ? () => resolver.resolve(raw) : always(value));
  };
  for (const output of Object.values(stack.template.Outputs ?? {})) {
    const { Export: exported, Value: value } = asMapping(output) ?? {};
    if (exported !== undefined) offer('export', asMapping(exported)?.['Name'], value);
  }
  for (const resource of Object.values(stack.template.Resources)) {
    if (resource.Type === 'AWS::SSM::Parameter')
      offer('parameter', resource.Properties?.['Name'], resource.Properties?.['Value']);
  }
}

function countSkipped(stack: AssemblyStack, skipped: Map<string, number>): void {
  for (const resource of Object.values(stack.template.Resources)) {
    const type = resource.Type;
    if (isResource(resource) && !READERS.has(type)) skipped.set(type, (skipped.get(type) ?? 0) + 1);
  }
}

function stackOf({ stackName, account, region, terminationProtection, template }: AssemblyStack): ParsedStack {
  return { name: stackName, account, region, terminationProtection, resources: Object.keys(template.Resources).length };
}

function environmentFindings({ stackName, account, region }: AssemblyStack): AssemblyFinding[] {
  if (account !== 'unknown-account' && region !== 'unknown-region') return [];
  return [
    assemblyFinding(
      'stack-environment-unknown',
      stackName,
      [],
      `stack ${stackName} is deployed to ${account}/${region}: which stacks share an account and a Region is not known`,
      'Give the stack an env with account and region.',
    ),
  ];
}
