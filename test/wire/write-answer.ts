import type { NormalizedSchema } from '@smithy/core/schema';
import { membersOf, type Operation, type Service } from './model';
import type { WireError } from './wire-error';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const REQUEST_ID = '5f8d0c5e-0000-4000-8000-000000000000';

/** An answer in the service's protocol, by AWS's model. A member that the model does not know is a mistake of the fake. */
export function writeAnswer(service: Service, operation: Operation, output: Readonly<Record<string, unknown>>): RawAnswer {
  switch (service.protocol) {
    case 'query': {
      const result = operation.output.isUnitSchema() ? '' : xmlMembers(operation.output, output);
      return {
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body: `<?xml version="1.0"?><${operation.name}Response><${operation.name}Result>${result}</${operation.name}Result><ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata></${operation.name}Response>`,
      };
    }
    case 'json':
      return json(200, jsonValue(operation.output, output));
    case 'rest-json':
      return rest(operation, output);
  }
}

export function writeError(service: Service, error: WireError): RawAnswer {
  const known = service.errors.get(error.code);
  const status = error.status ?? known?.status ?? 400;
  const code = known?.code ?? error.code;
  if (service.protocol === 'query') {
    const type = status < 500 ? 'Sender' : 'Receiver';
    const body = `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>${escaped(error.message)}</Message></Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  const answer = json(status, { __type: code, message: error.message, Message: error.message, Code: code });
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } };
}

function json(status: number, value: unknown): RawAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(value) };
}

function rest({ output: schema, http }: Operation, output: Readonly<Record<string, unknown>>): RawAnswer {
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  let payload: Buffer | undefined;
  let status = http?.[2] ?? 200;
  for (const [name, member] of schema.isUnitSchema() ? [] : schema.structIterator()) {
    const value = output[name];
    if (value === undefined) continue;
    const traits = member.getMergedTraits();
    if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = plain(value);
    else if (traits.httpResponseCode === 1) status = value as number;
    else if (traits.httpPayload === 1) payload = Buffer.from(value as Uint8Array);
    else body[traits.jsonName ?? name] = jsonValue(member, value);
  }
  if (payload !== undefined) return { status, headers, body: payload };
  return { ...json(status, body), headers: { ...headers, 'content-type': 'application/json' } };
}

function jsonValue(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema() || schema.isUnionSchema()) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        const member = known(schema, name);
        return [member.getMergedTraits().jsonName ?? name, jsonValue(member, each)];
      }),
    );
  }
  if (schema.isListSchema()) return (value as unknown[]).map((each) => jsonValue(schema.getValueSchema(), each));
  if (schema.isMapSchema()) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, jsonValue(schema.getValueSchema(), each)]));
  }
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}

function xmlMembers(schema: NormalizedSchema, value: Readonly<Record<string, unknown>>): string {
  return Object.entries(value)
    .map(([name, each]) => {
      if (each === undefined) return '';
      const member = known(schema, name);
      const tag = member.getMergedTraits().xmlName ?? name;
      if (member.isListSchema() && member.getMergedTraits().xmlFlattened === 1)
        return (each as unknown[]).map((item) => element(tag, member.getValueSchema(), item)).join('');
      return element(tag, member, each);
    })
    .join('');
}

function element(tag: string, schema: NormalizedSchema, value: unknown): string {
  return `<${tag}>${xmlValue(schema, value)}</${tag}>`;
}

function xmlValue(schema: NormalizedSchema, value: unknown): string {
  if (schema.isStructSchema()) return xmlMembers(schema, value as Record<string, unknown>);
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    const tag = member.getMergedTraits().xmlName ?? 'member';
    return (value as unknown[]).map((item) => element(tag, member, item)).join('');
  }
  if (value instanceof Date) return value.toISOString();
  return escaped(plain(value));
}

/** Texts as they are; numbers and booleans as JSON writes them. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function known(schema: NormalizedSchema, name: string): NormalizedSchema {
  const member = membersOf(schema).get(name);
  if (member === undefined) throw new Error(`AWS's model of ${schema.getName() ?? '?'} has no ${name}`);
  return member;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
