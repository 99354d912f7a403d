// One YAML file of the site repo: strict YAML 1.2 in, plain data out, and the place of every value on demand.
import { isScalar, type LineCounter, type ParsedNode } from 'yaml';
import type { Diagnostic, Place } from './diagnostic.ts';
import { offsetInText } from './scalar-offset.ts';
import { spotAt, spotOf } from './spots.ts';
import { parseYaml, readStrict, type YamlFault } from './strict-yaml.ts';

/** Way to a value from the top of a document: keys of maps, indexes of lists. */
export type ValuePath = readonly (string | number)[];

export const maxFileBytes = 1 << 20;

/** After so many findings in one file the rest says little that is new. */
export const maxFindingsPerFile = 50;

/** A document whose value has the shape of its schema, or is still to be checked (`unknown`). */
export interface SiteDocumentFile<T> {
  /** Path in the site repo. */
  readonly file: string;
  readonly value: T;
  /** Where the value stands; the nearest value above it when it is not there. */
  placeOf(...path: ValuePath): Place;
  /** Where the key of the value stands; for members of lists the same as {@link placeOf}. */
  placeOfKey(...path: ValuePath): Place;
  /**
   * Where the character at an offset of a text stands, in whatever style of YAML the text is written; for white space
   * and past the text's end, right behind the character before. For what is no text the same as {@link placeOf}.
   */
  placeInside(offset: number, ...path: ValuePath): Place;
}

export type DocumentResult =
  | { readonly document: SiteDocumentFile<unknown>; readonly diagnostics: readonly [] }
  | { readonly document: null; readonly diagnostics: readonly Diagnostic[] };

/** Text of a file, every byte of it (a byte order mark is a character), or why it is none. */
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
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: { rule: 'BERTH-004', severity: 'error', place, message: 'the file is not UTF-8 text' } };
  }
}

/**
 * Read strict YAML 1.2 (core schema): one document, string keys, no duplicates, and none of the features that make a
 * file mean something else than it shows: directives, anchors, aliases, tags, merge keys, numbers that are not plain
 * decimal, characters that are not seen. A byte order mark at the start is skipped.
 */
export function parseDocument(file: string, bytes: Uint8Array): DocumentResult {
  const { documents, diagnostics } = readDocuments(file, bytes, false);
  const [document] = documents;
  return document ? { document, diagnostics: [] } : { document: null, diagnostics };
}

export interface DocumentsResult {
  readonly documents: readonly SiteDocumentFile<unknown>[];
  /** None of the documents can be relied on when there are any. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The same for a file of several documents with `---` between them; those that hold nothing are left out. */
export function parseDocuments(file: string, bytes: Uint8Array): DocumentsResult {
  return readDocuments(file, bytes, true);
}

/**
 * A document of a file that was read before and had no findings, its value known. The file is read again when a place
 * in it is first asked for.
 * @param index of the document among those of the file
 */
export function rememberedDocument<T>(file: string, bytes: Uint8Array, index: number, value: T): SiteDocumentFile<T> {
  let read: SiteDocumentFile<unknown> | undefined;
  const located = (): SiteDocumentFile<unknown> => {
    read ??= readDocuments(file, bytes, true).documents[index];
    if (!read) throw new RangeError(`${file} has no document ${index}`);
    return read;
  };
  return {
    file,
    value,
    placeOf: (...path) => located().placeOf(...path),
    placeOfKey: (...path) => located().placeOfKey(...path),
    placeInside: (offset, ...path) => located().placeInside(offset, ...path),
  };
}

function readDocuments(file: string, bytes: Uint8Array, many: boolean): DocumentsResult {
  const decoded = decodeText(file, bytes);
  if ('problem' in decoded) return { documents: [], diagnostics: [decoded.problem] };
  const text = decoded.text.replace(/^\ufeff/, '');
  const { roots, lines, faults } = parseYaml(text, many);
  if (faults.length > 0) return { documents: [], diagnostics: diagnostics(file, lines, faults) };
  const documents: SiteDocumentFile<unknown>[] = [];
  for (const root of many ? roots.filter(holdsSomething) : [roots[0] ?? null]) {
    const { value, faults } = readStrict(root);
    if (faults.length > 0) return { documents: [], diagnostics: diagnostics(file, lines, faults) };
    documents.push(locatable(file, text, value, root, lines));
  }
  return { documents, diagnostics: [] };
}

function holdsSomething(root: ParsedNode | null): boolean {
  return root !== null && !(isScalar(root) && root.value === null);
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

function diagnostics(file: string, lines: LineCounter, faults: readonly YamlFault[]): readonly Diagnostic[] {
  return faults.slice(0, maxFindingsPerFile).map(({ offset, ...fault }) => {
    return { ...fault, severity: 'error', place: placeAt(file, lines, offset) };
  });
}

function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function locatable(
  file: string,
  text: string,
  value: unknown,
  root: ParsedNode | null,
  lines: LineCounter,
): SiteDocumentFile<unknown> {
  const top = spotOf(root);
  const at = (offset: number): Place => placeAt(file, lines, offset);
  return {
    file,
    value,
    placeOf: (...path) => at(spotAt(top, path).start),
    placeOfKey: (...path) => at(spotAt(top, path).key),
    placeInside: (offset, ...path) => at(offsetInText(text, spotAt(top, path), offset)),
  };
}
