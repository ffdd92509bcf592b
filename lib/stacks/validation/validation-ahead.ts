import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { compareText } from '../../order';
import { assemblyStacksOf, representsItsShape } from '../stamping/assembly-stacks';
import { StampedStack } from '../stamping/stamped-stack';
import { onTemplateWritten } from '../stamping/template-listeners';
import { identityOf, isUnchanged, type WrittenFile } from '../stamping/written-templates';
import { SideThread, type SideThreadOptions } from '../threads/side-thread';
import { STACK_RESOURCE_TYPES } from './resource-types';
import type { ValidationAnswer, ValidationOrder, ValidationRequest } from './validation-messages';

const started = new WeakMap<IConstruct, ValidationAhead>();

/**
 * Starts the engine of the CloudFormation validation for a large app in another thread, while the app is still made: that takes seconds, and in a
 * small thread of its own V8 does not look through all constructs whenever the engine asks for memory. Machines with one CPU and programs without
 * the worker validate in their own thread.
 *
 * @param app before its stacks are added, or after
 */
export function validateAhead(app: App, options: SideThreadOptions = {}): void {
  const order: ValidationOrder = { resourceTypes: STACK_RESOURCE_TYPES };
  const thread = SideThread.start('validation-worker', order, options);
  if (thread !== undefined) started.set(app, new ValidationAhead(app, thread));
}

/**
 * What that engine says of templates, once for each app. Undefined when there is none, when it failed or when it was asked something else: whoever asks
 * has to validate then.
 */
export function validatedAhead(root: IConstruct, request: ValidationRequest): ValidationAnswer | undefined {
  const ahead = started.get(root);
  started.delete(root);
  return ahead?.answer(request);
}

/** A validation that is under way in another thread. It is asked as soon as every shape has a template. */
class ValidationAhead {
  /** Stacks whose templates it needs and that are not written yet, once the first one is. */
  private missing?: Set<Stack>;
  private asked?: { readonly request: ValidationRequest; readonly files: readonly WrittenFile[] };

  public constructor(
    private readonly app: App,
    private readonly thread: SideThread,
  ) {
    onTemplateWritten(app, (stack) => {
      this.missing ??= new Set(this.stacks().filter((representative) => representative instanceof StampedStack));
      if (this.missing.delete(stack) && this.missing.size === 0) this.ask();
    });
  }

  public answer(request: ValidationRequest): ValidationAnswer | undefined {
    if (this.asked === undefined) this.thread.tell(request);
    const same = this.asked === undefined || JSON.stringify(this.asked.request) === JSON.stringify(request);
    const unchanged = this.asked?.files.every(isUnchanged) ?? true;
    const answer = same && unchanged ? (this.thread.hear() as ValidationAnswer | undefined) : undefined;
    this.thread.end();
    return answer;
  }

  private ask(): void {
    const request = this.stacks().map((stack) => templateOf(stack, this.app));
    // A stack that is made from no shape may come later.
    if (!request.every(({ templatePath }) => existsSync(templatePath))) return;
    this.asked = { request, files: request.map(({ templatePath }) => identityOf(templatePath)) };
    this.thread.tell(request);
  }

  /** In the order in which aws-cdk-lib shows them: none depends on another one, so by id. */
  private stacks(): Stack[] {
    const stacks = assemblyStacksOf(this.app).filter(representsItsShape);
    return stacks.sort((a, b) => compareText(a.artifactId, b.artifactId));
  }
}

/** As aws-cdk-lib is going to show it to the plugin; when it was something else, there is no answer. */
function templateOf({ node, templateFile, account, region }: Stack, { outdir }: App): ValidationRequest[number] {
  return {
    stackConstructPath: node.path,
    templatePath: join(outdir, templateFile),
    accountId: Token.isUnresolved(account) ? undefined : account,
    region: Token.isUnresolved(region) ? undefined : region,
  };
}
