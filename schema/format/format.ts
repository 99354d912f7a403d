// The text of a document → the same document in its canonical form.
import { isDeepStrictEqual } from 'node:util';
import { Lexer } from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';
import { type DocumentResult, type DocumentsResult, decodeText, parseDocument, parseDocuments } from '../document.ts';
import type { DocumentKinds } from '../document-kinds.ts';
import { arrange } from './arrange.ts';
import { printLayouts } from './print-layout.ts';
import { readLayouts } from './read-layout.ts';
import { shapeOf } from './shape.ts';

export type FormatResult =
  | { readonly outcome: 'formatted'; readonly text: string }
  /** The file is no strict YAML, or none that a document could be. */
  | { readonly outcome: 'unreadable'; readonly diagnostics: readonly Diagnostic[] }
  /** Formatting would change what the file says: a fault of this program, not of the file. */
  | { readonly outcome: 'unsafe'; readonly reason: string };

/**
 * Format a document. The new text has the same values and the same comments; formatting it once more changes nothing.
 * @param file path in the site repo, for findings
 */
export function formatDocument(kind: keyof DocumentKinds, file: string, bytes: Uint8Array): FormatResult {
  const before = contentOf(kind, file, bytes);
  if ('diagnostics' in before) return { outcome: 'unreadable', diagnostics: before.diagnostics };
  // No document is a bare scalar, so there is no form for it; its schema is what it breaks.
  if (before.values.some((value) => value !== null && typeof value !== 'object')) {
    return { outcome: 'formatted', text: before.text };
  }
  const shape = shapeOf(kind);
  const text = printLayouts(readLayouts(before.text).map((layout) => arrange(layout, shape)));
  if (text === before.text) return { outcome: 'formatted', text };
  const reason = whatDiffers(before, contentOf(kind, file, Buffer.from(text)));
  return reason === null ? { outcome: 'formatted', text } : { outcome: 'unsafe', reason };
}

interface Content {
  /** With `\n` as line break, and without byte order mark. */
  readonly text: string;
  readonly values: readonly unknown[];
  readonly comments: readonly string[];
}

interface Unreadable {
  readonly diagnostics: readonly Diagnostic[];
}

function contentOf(kind: keyof DocumentKinds, file: string, bytes: Uint8Array): Content | Unreadable {
  const decoded = decodeText(file, bytes);
  if ('problem' in decoded) return { diagnostics: [decoded.problem] };
  const { documents, diagnostics } =
    kind === 'resource' ? parseDocuments(file, bytes) : one(parseDocument(file, bytes));
  if (diagnostics.length > 0) return { diagnostics };
  const text = decoded.text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  return { text, values: documents.map(({ value }) => value), comments: commentsIn(text) };
}

function one({ document, diagnostics }: DocumentResult): DocumentsResult {
  return { documents: document ? [document] : [], diagnostics };
}

function commentsIn(text: string): readonly string[] {
  const scalarFollows = '\x1f';
  const comments: string[] = [];
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('#') && before !== scalarFollows) comments.push(lexeme.trimEnd());
    before = lexeme;
  }
  return comments.sort();
}

function whatDiffers(before: Content, after: Content | Unreadable): string | null {
  if ('diagnostics' in after) {
    const [first] = after.diagnostics;
    return `the result would not be read: ${first?.message} (line ${first?.place.line})`;
  }
  if (!isDeepStrictEqual(before.values, after.values)) return 'the result would mean something else';
  return isDeepStrictEqual(before.comments, after.comments) ? null : 'a comment would be lost';
}
