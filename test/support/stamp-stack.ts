import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect } from 'vitest';
import type { FleetConfig, GroupConfig } from '../../lib/config/types';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { StampStack } from '../../lib/stacks/stamp-stack';
import { fillStampValues, foldConstants, tokenizeStampValues } from '../../lib/stacks/stamp-values';
import type { StampSpec } from '../../lib/topology/types';
import { builtFleet, fleetConfig, stampOf } from '../topology/fixtures';

type Json = Record<string, any>;

/** The template of one stamp, without rule packs and validation. */
export function stampTemplate(spec: StampSpec): Template {
  return Template.fromJSON(synthesizeStamp(spec.values.names.stack, spec));
}

/** The stamp of a fleet with one group, given by what differs from the example configuration. */
export function stampOfGroup(group: GroupConfig, id: string, config: Partial<FleetConfig> = {}): StampSpec {
  return stampOf(builtFleet(fleetConfig({ groups: [group], ...config })), id);
}

/**
 * Expects the stamp made from plain values to equal the one made from tokens, under another construct id, that are filled in
 * afterwards. Returns the plain template.
 */
export function expectSameBothWays(spec: StampSpec): Template {
  const plain = synthesizeStamp(spec.values.names.stack, spec);
  const shape = synthesizeStamp('SomeShape', { ...spec, values: tokenizeStampValues(spec.values) });
  expect(fillStampValues(shape, spec.values)).toEqual(foldConstants(plain));
  return Template.fromJSON(plain);
}

function synthesizeStamp(id: string, { shape, values }: StampSpec): Json {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  return Template.fromStack(new StampStack(app, id, { shape, values })).toJSON();
}
