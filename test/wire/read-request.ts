import type { NormalizedSchema } from '@smithy/core/schema';
import { membersOf, type Operation, type Service } from './model';
import { WireError } from './wire-error';

/** What a request asks, in the SDK's own terms: dates are `Date`, blobs are bytes. */
export type Input = Readonly<Record<string, unknown>>;

export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/**
 * Finds the operation and reads its members by AWS's model. What the model does not know, or what is missing although it is required, is
 * refused: a fake that overlooks mistakes is worth nothing.
 *
 * @throws WireError
 */
export function readRequest(service: Service, request: RawRequest): { operation: Operation; input: Input } {
  const { operation, input } = read(service, request);
  const members = operation.input.isStructSchema() ? [...membersOf(operation.input).keys()] : [];
  for (const name of members.slice(0, required(operation.input))) {
    if (input[name] === undefined) throw new WireError('ValidationError', `${operation.name} needs ${name}`);
  }
  return { operation, input };
}

function read(service: Service, request: RawRequest): { operation: Operation; input: Input } {
  switch (service.protocol) {
    case 'query': {
      const form = new URLSearchParams(request.body.toString());
      const operation = named(service, form.get('Action') ?? '');
      return { operation, input: readForm(operation, form) };
    }
    case 'json': {
      const operation = named(service, (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '');
      const body: unknown = JSON.parse(request.body.toString() || '{}');
      return { operation, input: readJson(operation.input, body, operation.name) as Input };
    }
    case 'rest-json':
      return readRest(service, request);
  }
}

function named(service: Service, name: string): Operation {
  const operation = service.operations.get(name);
  if (operation === undefined)
    throw new WireError('UnknownOperationException', `${service.signingName} has no operation ${name}`);
  return operation;
}

/** How many of the members, from the first on, AWS's model requires. */
function required(schema: NormalizedSchema): number {
  const parts = schema.getSchema() as unknown as { readonly [6]?: number };
  return typeof parts === 'object' ? (parts[6] ?? 0) : 0;
}

// -- query ---------------------------------------------------------------------------------------------------------------

interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

function readForm(operation: Operation, form: URLSearchParams): Input {
  const root: Node = { children: new Map() };
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue;
    let node = root;
    for (const part of key.split('.')) {
      const next = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, next);
      node = next;
    }
    node.value = value;
  }
  return readNode(operation.input, root, operation.name) as Input;
}

function readNode(schema: NormalizedSchema, node: Node, path: string): unknown {
  if (schema.isStructSchema()) {
    const members = new Map(
      [...schema.structIterator()].map(([name, member]) => [member.getMergedTraits().xmlName ?? name, { name, member }]),
    );
    return Object.fromEntries(
      [...node.children].map(([key, child]) => {
        const found = members.get(key);
        if (found === undefined) throw new WireError('ValidationError', `${path} knows no ${key}`);
        return [found.name, readNode(found.member, child, `${path}.${key}`)];
      }),
    );
  }
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    const flat = schema.getMergedTraits().xmlFlattened === 1;
    const items = flat ? node : node.children.get(member.getMergedTraits().xmlName ?? 'member');
    if (items === undefined) return [];
    return [...items.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => readNode(member, item, path));
  }
  return readText(schema, node.value ?? '', path);
}

function readText(schema: NormalizedSchema, text: string, path: string): unknown {
  if (schema.isBooleanSchema()) {
    if (text !== 'true' && text !== 'false') throw new WireError('ValidationError', `${path} is no boolean: ${text}`);
    return text === 'true';
  }
  if (schema.isNumericSchema()) return finite(Number(text), path);
  if (schema.isTimestampSchema()) {
    const time = new Date(/^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : text);
    if (Number.isNaN(time.getTime())) throw new WireError('ValidationError', `${path} is no time: ${text}`);
    return time;
  }
  return text;
}

function finite(value: number, path: string): number {
  if (!Number.isFinite(value)) throw new WireError('ValidationError', `${path} is no number`);
  return value;
}

// -- JSON ----------------------------------------------------------------------------------------------------------------

function readJson(schema: NormalizedSchema, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isStructSchema() || schema.isUnionSchema()) {
    const members = [...membersOf(schema)];
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => {
        const found = members.find(([name, member]) => (member.getMergedTraits().jsonName ?? name) === key);
        if (found === undefined) throw new WireError('ValidationException', `${path} knows no ${key}`);
        return [found[0], readJson(found[1], each, `${path}.${key}`)];
      }),
    );
  }
  if (schema.isListSchema()) return (value as unknown[]).map((each) => readJson(schema.getValueSchema(), each, path));
  if (schema.isMapSchema()) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, readJson(schema.getValueSchema(), each, `${path}.${key}`)]),
    );
  }
  if (schema.isTimestampSchema()) return new Date(typeof value === 'number' ? value * 1000 : (value as string));
  if (schema.isBlobSchema()) return Buffer.from(value as string, 'base64');
  const wanted = schema.isBooleanSchema() ? 'boolean' : schema.isNumericSchema() ? 'number' : 'string';
  if (typeof value !== wanted) throw new WireError('SerializationException', `${path} is a ${typeof value}, not a ${wanted}`);
  return value;
}

// -- REST ----------------------------------------------------------------------------------------------------------------

function readRest(service: Service, request: RawRequest): { operation: Operation; input: Input } {
  const [path = '', query = ''] = request.url.split('?');
  for (const operation of service.operations.values()) {
    const labels = match(operation, request.method, path);
    if (labels !== undefined) return { operation, input: bind(operation, labels, new URLSearchParams(query), request) };
  }
  throw new WireError('UnknownOperationException', `${service.signingName} has no ${request.method} ${path}`, 404);
}

function match({ http }: Operation, method: string, path: string): ReadonlyMap<string, string> | undefined {
  if (http?.[0] !== method) return undefined;
  const wanted = (http[1].split('?')[0] ?? '').split('/').filter((part) => part !== '');
  const given = path.split('/').filter((part) => part !== '');
  const labels = new Map<string, string>();
  for (const [at, part] of wanted.entries()) {
    const label = /^\{(\w+)\+?\}$/.exec(part)?.[1];
    const text = given[at];
    if (text === undefined) return undefined;
    if (label !== undefined) labels.set(label, decodeURIComponent(text));
    else if (part !== text) return undefined;
  }
  return wanted.length === given.length ? labels : undefined;
}

function bind(operation: Operation, labels: ReadonlyMap<string, string>, query: URLSearchParams, request: RawRequest): Input {
  const input: Record<string, unknown> = {};
  const payload = [...operation.input.structIterator()].find(([, member]) => member.getMergedTraits().httpPayload === 1);
  if (payload !== undefined) {
    const [name, member] = payload;
    input[name] = member.isBlobSchema() ? request.body : readJson(member, parsed(request.body), name);
  }
  const body = payload === undefined ? (parsed(request.body) as Record<string, unknown>) : {};
  const inBody: Record<string, unknown> = {};
  const known = new Set<string>();
  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    const label = labels.get(name);
    const asked = traits.httpQuery === undefined ? null : query.get(traits.httpQuery);
    const header = traits.httpHeader === undefined ? undefined : request.headers[traits.httpHeader.toLowerCase()];
    if (label !== undefined) input[name] = readText(member, label, name);
    else if (asked !== null) input[name] = readText(member, asked, name);
    else if (header !== undefined) input[name] = readText(member, header, name);
    else if (traits.httpQuery === undefined && traits.httpHeader === undefined && payload === undefined) {
      const key = traits.jsonName ?? name;
      known.add(key);
      if (body[key] !== undefined) inBody[name] = readJson(member, body[key], `${operation.name}.${name}`);
    }
  }
  const unknown = Object.keys(body).find((key) => !known.has(key));
  if (unknown !== undefined) throw new WireError('InvalidRequestException', `${operation.name} knows no ${unknown}`);
  return { ...input, ...inBody };
}

function parsed(body: Buffer): unknown {
  return body.length === 0 ? {} : JSON.parse(body.toString());
}
