import type { Fleet } from '../topology/types';
import { chooseCanary } from './canary';

/** How long the canary is watched when nobody says otherwise, in minutes. */
export const DEFAULT_BAKE_MINUTES = 15;
export const DEFAULT_BRANCH = 'main';
export const DEFAULT_SCRIPT = 'scripts/stampkit-ci.sh';
export const DEFAULT_WORKFLOW = '.github/workflows/stampkit-deploy.yml';

/** What the operator chose; paths are relative to the repository, with `/`. */
export interface PipelineOptions {
  readonly stampsFolder: string;
  readonly scriptFile: string;
  readonly workflowFile: string;
  /** Branch whose commits are deployed. */
  readonly branch: string;
  readonly bakeMinutes: number;
  /** Stamp id; the one of smallest blast radius when absent. */
  readonly canary?: string;
}

/** Everything that a deployment pipeline says about one fleet. */
export interface PipelinePlan extends PipelineOptions {
  readonly fleet: string;
  /** Account whose role deploys; the bootstrap's roles lead from there into the groups' accounts. */
  readonly account: string;
  readonly canaryStamp: {
    readonly id: string;
    readonly stackName: string;
    /** AWS Region. */
    readonly region: string;
    readonly account: string;
    /** Name of the composite alarm that the bake time watches. */
    readonly alarmName: string;
    readonly because: string;
  };
  /** Options of the command line that write these files again. */
  readonly arguments: { readonly shell: readonly string[]; readonly github: readonly string[] };
}

/** @throws StampError as chooseCanary does */
export function planPipeline(fleet: Fleet, options: PipelineOptions): PipelinePlan {
  const { stamp, because } = chooseCanary(fleet, options.canary);
  const common = [
    ...given('--stamps', options.stampsFolder, 'stamps'),
    ...(options.canary === undefined ? [] : ['--canary', options.canary]),
    ...given('--bake', String(options.bakeMinutes), String(DEFAULT_BAKE_MINUTES)),
  ];
  return {
    ...options,
    fleet: fleet.name,
    account: fleet.account,
    canaryStamp: {
      id: stamp.id,
      stackName: stamp.values.names.stack,
      region: stamp.shape.region,
      account: stamp.values.account,
      alarmName: stamp.values.names.unhealthyAlarm,
      because,
    },
    arguments: {
      shell: [...common, ...given('--out', options.scriptFile, DEFAULT_SCRIPT)],
      github: [
        ...common,
        ...given('--out', options.workflowFile, DEFAULT_WORKFLOW),
        ...given('--script', options.scriptFile, DEFAULT_SCRIPT),
        ...given('--branch', options.branch, DEFAULT_BRANCH),
      ],
    },
  };
}

function given(option: string, value: string, unless: string): readonly string[] {
  return value === unless ? [] : [option, value];
}

/** A word for a shell: bare when nothing in it means anything to one. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
