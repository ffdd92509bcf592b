// docs/API.md of a jsii assembly: what every language sees, as one table per type.

const CDK_LINKS = 'https://docs.aws.amazon.com/cdk/api/v2/docs';

/** @param assembly the parsed content of `.jsii.gz` */
export function apiMarkdown(assembly) {
  const types = Object.values(assembly.types).sort((a, b) => (a.name < b.name ? -1 : 1));
  const of = (...kinds) => types.filter(({ kind, datatype }) => kinds.includes(datatype === true ? 'struct' : kind));
  return (
    [
      '# API',
      '<!-- Generated from the jsii assembly by `npm run generate:api`. Do not edit. -->',
      'The names are those of TypeScript. Python writes `hosted_zone` for `hostedZone` and passes the members of the last struct as keyword arguments; Java has builders (`Stamp.Builder.create(stack, "Stamp")`) and getters. Errors are `StampError` in TypeScript (`code`, `message`, `fix`); other languages have the message, with code and fix in it.',
      index('Constructs', of('class')),
      index('Structs', of('struct')),
      index('Enums', of('enum')),
      '## Constructs',
      ...of('class').flatMap((type) => classSection(type, assembly)),
      '## Structs',
      ...of('struct', 'interface').flatMap((type) => structSection(type, assembly)),
      '## Enums',
      ...of('enum').flatMap(enumSection),
    ].join('\n\n') + '\n'
  );
}

function index(title, types) {
  return `${title}: ${types.map(({ name }) => `[${name}](#${name.toLowerCase()})`).join(', ')}`;
}

function classSection(type, assembly) {
  const parameters = (type.initializer?.parameters ?? []).map((parameter) => `${parameter.name}: ${plainType(parameter.type)}`);
  const signature = type.abstract === true ? `abstract class ${type.name}` : `new ${type.name}(${parameters.join(', ')})`;
  const properties = members(type, assembly, 'properties');
  const methods = members(type, assembly, 'methods');
  return [
    `### ${type.name}`,
    `\`\`\`ts\n${signature}\n\`\`\``,
    text(type.docs),
    ...(type.initializer?.docs?.custom?.throws === undefined ? [] : [`Throws ${oneLine(type.initializer.docs.custom.throws)}`]),
    ...table(
      ['Property', 'Type', 'What'],
      properties.map((member) => [
        code(member.name),
        linkedType(member.type, assembly, member.optional),
        oneLine(text(member.docs)),
      ]),
    ),
    ...table(
      ['Method', 'Returns', 'What'],
      methods.map((method) => [
        code(`${method.name}(${(method.parameters ?? []).map(({ name, type: of }) => `${name}: ${plainType(of)}`).join(', ')})`),
        method.returns === undefined ? '' : linkedType(method.returns.type, assembly, method.returns.optional),
        oneLine(text(method.docs)),
      ]),
    ),
  ].filter((part) => part !== '');
}

function structSection(type, assembly) {
  return [
    `### ${type.name}`,
    text(type.docs),
    ...table(
      ['Member', 'Type', 'Default', 'What'],
      members(type, assembly, 'properties').map((member) => [
        code(member.name),
        linkedType(member.type, assembly, false),
        member.optional === true ? oneLine((member.docs?.default ?? '').replace(/^- /, '')) : '**required**',
        oneLine(text(member.docs)),
      ]),
    ),
  ].filter((part) => part !== '');
}

function enumSection(type) {
  return [
    `### ${type.name}`,
    text(type.docs),
    ...table(
      ['Member', 'What'],
      type.members.map((member) => [code(member.name), oneLine(text(member.docs))]),
    ),
  ].filter((part) => part !== '');
}

/** Own members and those of the bases in this package, in the order of the source, the bases first. */
function members(type, assembly, kind) {
  const bases = [type.base, ...(type.interfaces ?? [])].map((name) => assembly.types[name]).filter((base) => base !== undefined);
  const inherited = bases.flatMap((base) => members(base, assembly, kind));
  const own = type[kind] ?? [];
  const visible = own.filter((member) => member.protected !== true && !member.name.startsWith('_'));
  return [...inherited.filter(({ name }) => !own.some((member) => member.name === name)), ...visible];
}

function plainType(type) {
  if (type.primitive !== undefined) return type.primitive;
  if (type.fqn !== undefined) return type.fqn.split('.').at(-1);
  if (type.union !== undefined) return type.union.types.map(plainType).join(' | ');
  const element = plainType(type.collection.elementtype);
  return type.collection.kind === 'array' ? `${element}[]` : `{ [key: string]: ${element} }`;
}

function linkedType(type, assembly, optional) {
  const fqn = type.fqn ?? type.collection?.elementtype.fqn;
  const label = code(plainType(type)) + (optional === true ? ' or `undefined`' : '');
  if (fqn === undefined) return label;
  if (assembly.types[fqn] !== undefined) return `[${label}](#${fqn.split('.').at(-1).toLowerCase()})`;
  return fqn.startsWith('aws-cdk-lib.') ? `[${label}](${CDK_LINKS}/${fqn}.html)` : label;
}

function text(docs = {}) {
  const paragraphs = [docs.summary, docs.remarks].filter((part) => part !== undefined);
  // Types have a heading of their own, members have not.
  const linked = (name) => (/^[A-Z]/.test(name) ? `[${name}](#${name.toLowerCase()})` : code(name));
  return paragraphs.join('\n\n').replace(/\{@link ([A-Za-z]+)\}/g, (_all, name) => linked(name));
}

function table(head, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')];
}

function code(value) {
  return `\`${value}\``;
}

function oneLine(value) {
  return value.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
