// One YAML file of the site repo: strict YAML 1.2 in, plain data out, and the place of every value on demand.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type Node as YamlNode,
} from 'yaml';
import type { Diagnostic, Place } from './diagnostic.ts';

/** Way to a value from the top of a document: keys of maps, indexes of lists. */
export type ValuePath = readonly (string | number)[];

export const maxFileBytes = 1 << 20;

/** A document whose value has the shape of its schema, or is still to be checked (`unknown`). */
export interface SiteDocumentFile<T> {
  /** Path in the site repo. */
  readonly file: string;
  readonly value: T;
  /** Where the value stands; the nearest value above it when it is not there. */
  placeOf(...path: ValuePath): Place;
  /** Where the key of the value stands; for members of lists the same as {@link placeOf}. */
  placeOfKey(...path: ValuePath): Place;
  /** Where the text at an offset into the scalar stands, for scalars that hold templates. */
  placeInside(offset: number, ...path: ValuePath): Place;
}

export type DocumentResult =
  | { readonly document: SiteDocumentFile<unknown>; readonly diagnostics: readonly [] }
  | { readonly document: null; readonly diagnostics: readonly Diagnostic[] };

/** Text of a file, or why it is none. */
export function decodeText(
  file: string,
  bytes: Uint8Array,
): { readonly text: string } | { readonly problem: Diagnostic } {
  const place = { file, line: 1, column: 1 };
  if (bytes.length > maxFileBytes) {
    const message = `the file has ${bytes.length} bytes, more than the ${maxFileBytes} that are read`;
    return { problem: { rule: 'BERTH-004', severity: 'error', place, message } };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: { rule: 'BERTH-004', severity: 'error', place, message: 'the file is not UTF-8 text' } };
  }
}

/**
 * Read strict YAML 1.2 (core schema): one document, string keys, no duplicates, and none of the features that make a
 * file mean something else than it shows: directives, anchors, aliases, tags and merge keys.
 */
export function parseDocument(file: string, bytes: Uint8Array): DocumentResult {
  const decoded = decodeText(file, bytes);
  if ('problem' in decoded) return { document: null, diagnostics: [decoded.problem] };
  const parsed = parseYaml(decoded.text);
  const diagnostics = syntaxProblems(file, parsed);
  if (diagnostics.length > 0) return { document: null, diagnostics };
  const read = new StrictReader(file, parsed.lines);
  const value = read.value(parsed.root);
  if (read.diagnostics.length > 0) return { document: null, diagnostics: read.diagnostics };
  return { document: locatable(file, decoded.text, value), diagnostics: [] };
}

/** The same file, its value now known to have the shape `T`. */
export function withValue<T>(document: SiteDocumentFile<unknown>, value: T): SiteDocumentFile<T> {
  return {
    file: document.file,
    value,
    placeOf: document.placeOf,
    placeOfKey: document.placeOfKey,
    placeInside: document.placeInside,
  };
}

interface ParsedYaml {
  readonly documents: readonly Document.Parsed[];
  readonly root: ParsedNode | null;
  readonly lines: LineCounter;
}

function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  // The library's own check for duplicate keys is quadratic; StrictReader does it in one pass.
  const parsed = parseAllDocuments(text, {
    version: '1.2',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  return { documents, root: documents[0]?.contents ?? null, lines };
}

function syntaxProblems(file: string, parsed: ParsedYaml): Diagnostic[] {
  const at = (offset: number): Place => placeAt(file, parsed.lines, offset);
  const problems: Diagnostic[] = [];
  for (const document of parsed.documents) {
    if (document.directives.yaml.explicit) problems.push(refused(at(0), 'a %YAML directive', 'remove the directive'));
    for (const error of [...document.errors, ...document.warnings]) {
      const hint = error.code === 'TAB_AS_INDENT' ? { hint: 'indent with spaces' } : {};
      const message = error.message.replace(/\s+/g, ' ');
      problems.push({ rule: 'BERTH-001', severity: 'error', place: at(error.pos[0]), message, ...hint });
    }
  }
  const second = parsed.documents[1];
  if (second) problems.push(refused(at(second.range[0]), 'a second YAML document', 'put it into a file of its own'));
  return problems;
}

function refused(place: Place, what: string, hint: string): Diagnostic {
  return { rule: 'BERTH-003', severity: 'error', place, message: `${what} is not allowed in a site repo`, hint };
}

function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Turns nodes into plain data and notes whatever is not strict. */
class StrictReader {
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly file: string,
    private readonly lines: LineCounter,
  ) {}

  value(node: YamlNode | null): unknown {
    if (node === null) return null;
    if (isAlias(node)) {
      this.refuse(node, `the alias *${node.source}`, 'write the value out');
      return null;
    }
    if (node.tag !== undefined) this.refuse(node, `the tag ${node.tag}`, 'write the value without a tag');
    if ('anchor' in node && node.anchor !== undefined) {
      this.refuse(node, `the anchor &${String(node.anchor)}`, 'write the value out where it is needed');
    }
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item) => this.value(item as YamlNode | null));
    return isMap(node) ? this.map(node) : null;
  }

  private map(node: YamlNode & { items: readonly { key: unknown; value: unknown }[] }): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const keyNode = key as YamlNode;
      if (!isScalar(keyNode) || typeof keyNode.value !== 'string') {
        const what = isScalar(keyNode)
          ? `the key ${String(keyNode.value)}, which is no text,`
          : 'a key that is no text';
        this.refuse(keyNode, what, 'put the key into quotes');
        continue;
      }
      const name = keyNode.value;
      if (name === '<<' || name === '__proto__') this.refuse(keyNode, `the key ${name}`, 'write the keys out');
      else if (seen.has(name)) {
        const place = this.place(keyNode);
        this.diagnostics.push({
          rule: 'BERTH-002',
          severity: 'error',
          place,
          message: `the key ${name} stands twice in this map`,
          hint: 'remove one of the two',
        });
      } else result[name] = this.value(value as YamlNode | null);
      seen.add(name);
    }
    return result;
  }

  private refuse(node: YamlNode, what: string, hint: string): void {
    this.diagnostics.push(refused(this.place(node), what, hint));
  }

  private place(node: YamlNode): Place {
    return placeAt(this.file, this.lines, node.range?.[0] ?? 0);
  }
}

/**
 * Places are asked for rarely (a finding, a reason in a plan), and nodes with positions take twenty times the memory of
 * the data. So the nodes are dropped after reading, and made again when the first place of a file is asked for.
 */
function locatable(file: string, text: string, value: unknown): SiteDocumentFile<unknown> {
  let parsed: ParsedYaml | undefined;
  const nodes = (): ParsedYaml => {
    parsed ??= parseYaml(text);
    return parsed;
  };
  const locate = (path: ValuePath): { readonly key: number; readonly value: number } => {
    let node: YamlNode | null = nodes().root;
    let found = { key: node?.range?.[0] ?? 0, value: node?.range?.[0] ?? 0 };
    for (const step of path) {
      let next: { key: YamlNode; value: YamlNode | null } | null = null;
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (pair) next = { key: pair.key as YamlNode, value: pair.value as YamlNode | null };
      } else if (isSeq(node) && typeof step === 'number') {
        const item = node.items[step] as YamlNode | undefined;
        if (item) next = { key: item, value: item };
      }
      if (!next) break;
      const key = next.key.range?.[0] ?? 0;
      found = { key, value: next.value?.range?.[0] ?? key };
      node = next.value;
    }
    return found;
  };
  return {
    file,
    value,
    placeOf: (...path) => placeAt(file, nodes().lines, locate(path).value),
    placeOfKey: (...path) => placeAt(file, nodes().lines, locate(path).key),
    placeInside: (offset, ...path) => placeAt(file, nodes().lines, insideScalar(text, locate(path).value, offset)),
  };
}

/**
 * Offset in the file of an offset into a scalar's value. Exact for block literals (`|`) and plain one-line scalars,
 * which is where templates stand; the start of the scalar otherwise.
 */
function insideScalar(text: string, start: number, offset: number): number {
  if (text[start] !== '|') {
    const quote = text[start] === '"' || text[start] === "'" ? 1 : 0;
    const lineEnd = text.indexOf('\n', start);
    return lineEnd < 0 || start + quote + offset < lineEnd ? start + quote + offset : start;
  }
  let position = text.indexOf('\n', start) + 1;
  const indent = /^( *)\S/m.exec(text.slice(position))?.[1]?.length ?? 0;
  for (let left = offset; ; ) {
    const end = text.indexOf('\n', position);
    const length = Math.max(0, (end < 0 ? text.length : end) - position - indent);
    if (left <= length || end < 0) return position + indent + Math.min(left, length);
    left -= length + 1;
    position = end + 1;
  }
}
