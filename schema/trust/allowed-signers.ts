// OpenSSH's list of who may sign (ssh-keygen(1), ALLOWED SIGNERS): a line for each key, with the principals that it
// stands for, options, and the key as in a .pub file. What OpenSSH would read in more than one way is refused.
import { parseSshKeyText, SshKeyError } from '../ssh-key.ts';
import { AllowedSignersError, type AllowedSignersOptions, parseOptions } from './allowed-signers-options.ts';

/** One line: a key, and whom it stands for. */
export interface AllowedSigner extends AllowedSignersOptions {
  /** Names, or patterns of names: `ada@example.com`, `*@example.com`. */
  readonly principals: readonly string[];
  /** Type and base64, as in a .pub file. */
  readonly key: string;
  /** What stands behind the key; empty where nothing does. */
  readonly comment: string;
}

/** The same with its place in the file, which counts from 1. */
export interface ListedSigner extends AllowedSigner {
  readonly fingerprint: string;
  readonly line: number;
  readonly column: number;
  readonly keyColumn: number;
}

export interface AllowedSignersFault {
  readonly line: number;
  readonly column: number;
  /** What is wrong with the line. */
  readonly message: string;
}

export interface AllowedSignersResult {
  readonly signers: readonly ListedSigner[];
  /** OpenSSH trusts nobody below a line that it cannot read, so nothing can be relied on when there are any. */
  readonly faults: readonly AllowedSignersFault[];
}

/** Read the text of a file. Lines that are empty or begin with `#` say nothing. */
export function parseAllowedSigners(text: string): AllowedSignersResult {
  const signers: ListedSigner[] = [];
  const faults: AllowedSignersFault[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    try {
      const signer = parseLine(raw.replace(/\r$/, ''), index + 1);
      if (signer) signers.push(signer);
    } catch (error) {
      if (!(error instanceof AllowedSignersError)) throw error;
      faults.push({ line: index + 1, column: error.offset + 1, message: error.message });
    }
  }
  return { signers, faults };
}

/**
 * One signer as a line, without its end.
 * @throws {AllowedSignersError} when the format cannot say it
 */
export function formatAllowedSigner(signer: AllowedSigner): string {
  const { principals, namespaces, validAfterSeconds, validBeforeSeconds, key, comment } = signer;
  const list = principals.join(',');
  if (principals.length === 0 || !principals.every(isPrincipal)) {
    throw new AllowedSignersError(0, `the principals ${JSON.stringify(list)} cannot be written`);
  }
  const options: string[] = [];
  if (namespaces !== null) options.push(`namespaces="${namespaces.join(',').replaceAll('"', '\\"')}"`);
  if (validAfterSeconds !== null) options.push(`valid-after="${timestamp(validAfterSeconds)}"`);
  // It counts in its own second too.
  if (validBeforeSeconds !== null) options.push(`valid-before="${timestamp(validBeforeSeconds - 1)}"`);
  const names = /[ \t]|^#/.test(list) ? `"${list}"` : list;
  return [names, options.join(','), key, comment].filter((field) => field !== '').join(' ');
}

/** A name as a principal: what a list of patterns understands in another way becomes `_`. */
export function principalOf(name: string): string {
  return name.trim().replace(/[^\P{Cc}]|[",*?!]/gu, '_') || '_';
}

/**
 * Whether a list of patterns matches a text, as OpenSSH has it (ssh_config(5), PATTERNS): `*` is any text, `?` any
 * character, and what a pattern behind a `!` matches is never matched.
 */
export function matchesPatternList(patterns: readonly string[], text: string): boolean {
  const isRuledOut = patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), text));
  return !isRuledOut && patterns.some((pattern) => matchesPattern(pattern, text));
}

function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let matched = 0;
  for (let next = 0; next < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      matched = next;
    } else if (pattern[at] === '?' || pattern[at] === text[next]) {
      at++;
      next++;
    } else if (star >= 0) {
      // The last * takes in one more character; those before it have all they need.
      at = star + 1;
      next = ++matched;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** The fields of a line, from its start. */
function parseLine(line: string, number: number): ListedSigner | null {
  const start = line.search(/[^ \t]/);
  if (start < 0 || line[start] === '#') return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: OpenSSH takes a NUL for the end of the line
  const control = line.search(/[\u0000-\u0008\u000a-\u001f\u007f\ufeff]/);
  if (control >= 0) throw new AllowedSignersError(control, 'a character that is not seen');
  const { principals, end } = parsePrincipals(line, start);
  const second = skipSpace(line, end);
  const isKey = /^(ssh-|ecdsa-|sk-)[^ \t=,]+([ \t]|$)/.test(line.slice(second));
  const { options, end: endOfOptions } = parseOptions(line, isKey ? null : second);
  const keyAt = isKey ? second : skipSpace(line, endOfOptions);
  const [, type = '', base64 = '', rest = ''] = /^([^ \t]*)[ \t]*([^ \t]*)[ \t]*(.*)$/.exec(line.slice(keyAt)) ?? [];
  // Not by the expression: it would try each blank of a long row as the first one of those at the end.
  const comment = rest.trimEnd();
  const key = `${type} ${base64}`;
  if (type === '' || base64 === '') throw new AllowedSignersError(keyAt, 'a key is expected: its type and base64');
  return {
    ...options,
    principals,
    key,
    comment,
    fingerprint: readFingerprint(key, keyAt),
    line: number,
    column: start + 1,
    keyColumn: keyAt + 1,
  };
}

function parsePrincipals(line: string, start: number): { principals: readonly string[]; end: number } {
  const isQuoted = line[start] === '"';
  const [field = '', inside] = (isQuoted ? /^"([^"]*)"/ : /^[^ \t]+/).exec(line.slice(start)) ?? [];
  if (field === '') throw new AllowedSignersError(start, 'the principals have no quote at their end');
  const end = start + field.length;
  if (end < line.length && !/[ \t]/.test(line[end] ?? '')) {
    throw new AllowedSignersError(end, 'a space is expected behind the principals');
  }
  const principals = (inside ?? field).split(',');
  const odd = principals.find((principal) => !isPrincipal(principal));
  if (odd !== undefined) throw new AllowedSignersError(start, `${JSON.stringify(odd)} is no principal`);
  return { principals, end };
}

function isPrincipal(text: string): boolean {
  return text !== '' && text.trim() === text && !/[",]|[^\P{Cc}]/u.test(text);
}

function readFingerprint(key: string, offset: number): string {
  try {
    return parseSshKeyText(key).fingerprint;
  } catch (error) {
    if (error instanceof SshKeyError) throw new AllowedSignersError(offset, error.message);
    throw error;
  }
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}

/** `20260102030405Z`. */
function timestamp(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`;
}
