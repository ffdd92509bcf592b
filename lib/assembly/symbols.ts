/**
 * Symbols stand for values that only AWS knows: a generated name, the DNS name of a load balancer. They are stable (the same template
 * gives the same symbol), different from each other, and survive being joined into longer texts. Square brackets are in no name, ARN
 * or domain of AWS, so a symbol is never taken for a real value.
 */
const SYMBOL = /\[[\w-]+(?:\.[\w-]+)+\]/;

/** `[stack.LogicalId]` for what `Ref` gives, `[stack.LogicalId.Attribute]` for an attribute. */
export function symbolOf(stack: string, logicalId: string, attribute?: string): string {
  return attribute === undefined ? `[${stack}.${logicalId}]` : `[${stack}.${logicalId}.${attribute}]`;
}

/** True when the text is or holds a symbol. */
export function isSymbolic(text: string): boolean {
  return SYMBOL.test(text);
}
