import type { IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';

/** What the thread of a validation is started with. */
export interface ValidationOrder {
  /** Types that the templates are going to have: the engine loads the rules of these. */
  readonly resourceTypes: readonly string[];
}

/** The templates to validate: the only message to the thread. */
export type ValidationRequest = IPolicyValidationContext['stackTemplates'];

/** Its only answer; undefined when something went wrong. */
export interface ValidationAnswer {
  readonly report: PolicyValidationPluginReport;
  /** Of the engine. */
  readonly version: string | undefined;
}
