import type { Stack } from 'aws-cdk-lib';

/**
 * Runs `create` while the stack already knows its zones. The `Vpc` construct compares explicit zones with the stack's, and in
 * a stack with a concrete environment that comparison alone asks for a context look-up, which needs credentials.
 */
export function withKnownZones<T>(stack: Stack, zones: string[], create: () => T): T {
  const own = Object.getOwnPropertyDescriptor(stack, 'availabilityZones');
  Object.defineProperty(stack, 'availabilityZones', { configurable: true, get: () => zones });
  try {
    return create();
  } finally {
    if (own === undefined) Reflect.deleteProperty(stack, 'availabilityZones');
    else Object.defineProperty(stack, 'availabilityZones', own);
  }
}
