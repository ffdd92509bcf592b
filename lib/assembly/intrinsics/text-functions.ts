import { cidrSize, formatCidr, parseCidr } from '../../cidr';
import { asText, NO_VALUE, Unresolved, type Resolved } from './unresolved';

/** `Fn::Join`: one unresolved part leaves the whole unresolved. */
export function join(separator: Resolved, parts: Resolved): Resolved {
  const glue = asText(separator);
  if (parts instanceof Unresolved) return parts;
  if (glue === undefined || !Array.isArray(parts)) return new Unresolved('Fn::Join of something that is no list');
  const texts: string[] = [];
  for (const part of parts as readonly Resolved[]) {
    if (part === NO_VALUE) continue;
    const text = asText(part);
    if (text === undefined) return part instanceof Unresolved ? part : new Unresolved('Fn::Join of something that is no text');
    texts.push(text);
  }
  return texts.join(glue);
}

/** `Fn::Split`. */
export function split(separator: Resolved, text: Resolved): Resolved {
  if (text instanceof Unresolved) return text;
  const [glue, whole] = [asText(separator), asText(text)];
  if (glue === undefined || whole === undefined) return new Unresolved('Fn::Split of something that is no text');
  return whole.split(glue);
}

/** `Fn::Select`. */
export function select(index: Resolved, list: Resolved): Resolved {
  if (list instanceof Unresolved) return list;
  if (index instanceof Unresolved) return index;
  const items: readonly Resolved[] | undefined = Array.isArray(list) ? list : undefined;
  const found = items?.[Number(index)];
  return (
    found ??
    new Unresolved(`Fn::Select of item ${String(index)} of ${items === undefined ? 'no list' : `a list of ${items.length}`}`)
  );
}

/** `Fn::Cidr`: `count` ranges with `hostBits` bits for addresses, from the beginning of the block. IPv4 only. */
export function cidrs(block: Resolved, count: Resolved, hostBits: Resolved): Resolved {
  if (block instanceof Unresolved) return block;
  const range = parseCidr(asText(block) ?? '');
  const [number, prefix] = [Number(count), 32 - Number(hostBits)];
  if (range === undefined || !Number.isInteger(number) || !Number.isInteger(prefix) || prefix < range.prefix || prefix > 32) {
    return new Unresolved(`Fn::Cidr of ${JSON.stringify(block)} is not understood`);
  }
  const size = cidrSize(prefix);
  if (number * size > cidrSize(range.prefix)) return new Unresolved(`Fn::Cidr: ${number} ranges do not fit into the block`);
  return Array.from({ length: number }, (_, index) => formatCidr({ base: range.base + index * size, prefix }));
}

/** `Fn::Sub`: `${Name}` and `${Name.Attribute}` are replaced, `${!Text}` stands for `${Text}`. */
export function substitute(template: string, lookUp: (name: string) => Resolved): Resolved {
  let failed: Unresolved | undefined;
  const text = template.replace(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const value = lookUp(name.trim());
    const replacement = asText(value);
    if (replacement === undefined) failed ??= value instanceof Unresolved ? value : new Unresolved(`Fn::Sub: ${name} is no text`);
    return replacement ?? '';
  });
  return failed ?? text;
}
