import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Finding } from '../findings';
import type { ConfigFindingCode } from './finding-codes';
import { escapeControls, showText } from './show-value';

/** Syntax errors reported per file: the first ones matter, the others mostly follow from them. */
const MAX_SYNTAX_ERRORS = 5;

/** A parsed file with what is needed to turn offsets into lines and columns. */
export interface YamlDocument {
  readonly document: Document;
  readonly lines: LineCounter;
}

export interface Position {
  /** One-based. */
  readonly line: number;
  /** One-based. */
  readonly column: number;
}

/** Parses one YAML 1.2 document. Syntax errors are findings; there is no document then. Never throws. */
export function parseYaml(text: string, file: string): { readonly parsed?: YamlDocument; readonly findings: readonly Finding[] } {
  const lines = new LineCounter();
  let document: Document;
  try {
    // With the level `silent` the library would drop all documents but the first. It prints nothing at any level here.
    // Duplicate keys are looked for by ourselves: the library compares every key with every other one.
    document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    // The library composes nodes recursively: only depth can exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    return { findings: [yamlFinding('yaml-too-deep', file, { line: 1, column: 1 }, TOO_DEEP, TOO_DEEP_FIX)] };
  }
  const problems = [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_ERRORS);
  const findings = problems.map((problem) => syntaxFinding(problem, file, positionAt(lines, problem.pos[0])));
  const version = document.directives?.yaml;
  if (findings.length === 0 && version?.explicit === true && version.version !== '1.2') {
    const message = `the file asks for YAML ${showText(version.version)}, which reads words such as no and on as true or false`;
    findings.push(
      yamlFinding('yaml-version', file, { line: 1, column: 1 }, message, 'remove the %YAML line: files are YAML 1.2'),
    );
  }
  return findings.length === 0 ? { parsed: { document, lines }, findings } : { findings };
}

export const TOO_DEEP = 'values are nested deeper than any configuration needs';
export const TOO_DEEP_FIX = 'remove the nesting: docs/configuration.md shows every key there is';

/** Line and column of an offset, both one-based. */
export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

export function yamlFinding(code: ConfigFindingCode, file: string, at: Position, message: string, fix: string): Finding {
  return { code, severity: 'error', where: { file, ...at }, message, fix };
}

function syntaxFinding(problem: YAMLError, file: string, at: Position): Finding {
  const message = showMessage(problem.message);
  switch (problem.code) {
    case 'TAB_AS_INDENT':
      return yamlFinding('yaml-tab', file, at, 'a tab is used for indentation, which YAML forbids', 'indent with spaces');
    case 'MULTIPLE_DOCS':
      return yamlFinding(
        'yaml-multiple-documents',
        file,
        at,
        'the file holds several YAML documents',
        'keep one document a file and remove the line with ---; every group has a file of its own',
      );
    case 'TAG_RESOLVE_FAILED':
      return yamlFinding('yaml-tag', file, at, `${message}: tags are not used here`, 'remove the word that starts with !');
    case 'RESOURCE_EXHAUSTION':
      return yamlFinding('yaml-too-deep', file, at, TOO_DEEP, TOO_DEEP_FIX);
    case 'BAD_DIRECTIVE':
      return yamlFinding('yaml-syntax', file, at, message, 'remove the line that starts with %');
    default:
      return yamlFinding(
        'yaml-syntax',
        file,
        at,
        `not valid YAML: ${message}`,
        'check indentation and brackets here; a value with one of : # { } [ ] , & * ! % @ in it may need quotes',
      );
  }
}

/** The library's messages are English sentences that may repeat the user's text. */
function showMessage(message: string): string {
  const [first = ''] = message.split('\n');
  return escapeControls(first.slice(0, 200)).replace(/\.$/, '');
}
