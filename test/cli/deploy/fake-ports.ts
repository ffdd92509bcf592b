import type { StackArtifact } from '../../../lib/assembly/read-artifacts';
import type { DeployedResource, DeployedStack, HealthCheckReport } from '../../../lib/aws/deployment/deployed-stacks';
import type { DeployOptions } from '../../../lib/cli/deploy/options';
import type { DeployPorts } from '../../../lib/cli/deploy/ports';
import { deployPhases } from '../../../lib/topology/deploy-order';
import type { Fleet } from '../../../lib/topology/types';
import { builtFleet } from '../../topology/fixtures';

/** What the command line gives when nothing is said. */
export const DEFAULTS: DeployOptions = {
  groups: [],
  stamp: [],
  stamps: 'stamps',
  concurrency: 4,
  dryRun: false,
  json: false,
  yes: false,
  destroy: false,
  confirm: [],
  wait: true,
  waitTimeout: 15,
  allowPointerReset: false,
  allowUnreadFloors: false,
};

type Template = Readonly<Record<string, unknown>>;

/**
 * An account in memory. It must match AWS exactly in: a stack that is not there has no template, no resources and no description; a deployed
 * stack has the template of the assembly; a removed one is gone unless it is protected. Time passes only in `sleep`.
 */
export class FakeAccount {
  public readonly stacks = new Map<string, DeployedStack>();
  public readonly templates = new Map<string, Template>();
  public readonly resources = new Map<string, DeployedResource[]>();
  public readonly parameters = new Map<string, string>();
  public readonly checks = new Map<string, HealthCheckReport>();
  public readonly protectedStacks = new Set<string>();
  /** Templates that the CDK app synthesizes. */
  public readonly synthesized = new Map<string, Template>();
  public readonly tags = new Map<string, Record<string, string>>();
  /** Every call of the CDK CLI, one line each. */
  public readonly calls: string[] = [];
  /** Stack whose deployment fails. */
  public failing: string | undefined;
  public interruptAt: string | undefined;
  /** Runs after every sleep. */
  public onSleep: (() => void) | undefined;
  /** Answers to the operator's questions; nobody is there when this is undefined. */
  public answers: string[] | undefined;
  public out = '';
  public err = '';
  private clock = 0;
  private stopped = false;

  public constructor(private readonly fleet: Fleet = builtFleet()) {}

  public ports(): DeployPorts {
    const answers = this.answers;
    return {
      terminal: {
        out: (text) => {
          this.out += text;
        },
        err: (text) => {
          this.err += text;
        },
        interactive: false,
      },
      cdk: (args) => Promise.resolve(this.cdk(args)),
      deployed: {
        describe: (name) => Promise.resolve(this.stacks.get(name)),
        template: (name) => Promise.resolve(this.templates.get(name)),
        resources: (name) => Promise.resolve(this.resources.get(name) ?? []),
        parameter: (name) => Promise.resolve(this.parameters.get(name)),
        healthCheck: (id) => Promise.resolve(this.checks.get(id) ?? { type: 'HTTPS', inverted: false, observations: [] }),
      },
      loadFleet: () => ({ findings: [], fleet: this.fleet }),
      assemblyFolder: '/assembly',
      readArtifacts: () => this.artifacts(),
      readTemplate: (path) => this.synthesized.get(path) ?? {},
      writeEmptyStacks: () => Promise.resolve(),
      observe: () => Promise.reject(new Error('nobody looks at groups here')),
      deadRegions: new Set(),
      ...(answers !== undefined && { ask: () => Promise.resolve(answers.shift() ?? '') }),
      now: () => this.clock,
      sleep: (milliseconds) => {
        this.clock += milliseconds;
        this.onSleep?.();
        return Promise.resolve();
      },
      interrupted: () => this.stopped,
    };
  }

  /** Puts a stack into the account as if it had been deployed before. */
  public deployed(stackName: string, template: Template = {}, status = 'CREATE_COMPLETE'): void {
    this.stacks.set(stackName, { stackId: `arn:${stackName}`, status, tags: this.tags.get(stackName) ?? {} });
    this.templates.set(stackName, template);
  }

  private artifacts(): Map<string, StackArtifact> {
    const stacks = deployPhases(this.fleet).flatMap((phase) => phase.stacks);
    return new Map(
      stacks.map(({ stackName, account, region }) => [
        stackName,
        { stackName, account, region, templatePath: stackName, tags: this.tags.get(stackName) ?? {} },
      ]),
    );
  }

  private cdk(args: readonly string[]): number {
    const options = new Set(['--app', '--concurrency', '--require-approval', '--context', '--output']);
    const names = args.slice(1).filter((arg, index) => !arg.startsWith('--') && !options.has(args[index] ?? ''));
    this.calls.push([args[0], ...names].join(' '));
    if (this.interruptAt !== undefined && names.includes(this.interruptAt)) {
      this.stopped = true;
      return 1;
    }
    if (this.failing !== undefined && names.includes(this.failing)) return 1;
    for (const name of names) {
      if (args[0] === 'deploy') this.deployed(name, this.synthesized.get(name) ?? {});
      if (args[0] === 'destroy' && !this.protectedStacks.has(name)) this.stacks.delete(name);
    }
    return 0;
  }
}
