/**
 * vCPUs of an EC2 instance type of the Standard families (A, C, D, H, I, M, R, T, Z), by its size; undefined for other families and for
 * sizes without a rule, such as `metal`. From the naming of types (aws-facts 8.4): `large` has two, `xlarge` four, `4xlarge` sixteen.
 */
export function vcpusOf(instanceType: string): number | undefined {
  const [, family = '', size = ''] = /^([a-z][a-z0-9-]*)\.([a-z0-9]+)$/.exec(instanceType) ?? [];
  if (!/^[acdhimrtz]\d/.test(family) && !/^im\d|^is\d/.test(family)) return undefined;
  if (size === 'xlarge') return 4;
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  if (multiple !== undefined) return 4 * Number(multiple);
  if (size === 'large') return 2;
  // Bursting families have two vCPUs in their small sizes, all others one in `medium`.
  if (['nano', 'micro', 'small', 'medium'].includes(size)) return family.startsWith('t') && family !== 't2' ? 2 : 1;
  return undefined;
}
