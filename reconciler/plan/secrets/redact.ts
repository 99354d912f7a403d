// Takes secrets out of what is shown: rendered files, Kubernetes objects, values that changed.
//
// None of them should be there at all: machines fetch secrets once they run. But who reviews a change must not be the
// next to leak one that a rule has missed. What looks like a secret is replaced by the beginning of its digest, so that
// it still shows whether it changed.
import { sha256 } from '../../../schema/canonical.ts';
import { isSecretName, isSecretValue, secretWord } from './names.ts';
import { assignments, shapes } from './patterns.ts';

/** What stands in the place of a secret. */
export function redacted(secret: string): string {
  return `(redacted, sha256 ${sha256(secret).slice(0, 12)})`;
}

/** The value, unless its name says that it is secret, or it looks like it. */
export function redactValue(name: string, value: string, found: Set<string> = new Set()): string {
  if (!isSecretName(name) || !isSecretValue(value)) return redact(value, found);
  found.add(value);
  return redacted(value);
}

/**
 * A text with whatever looks like a secret replaced.
 * @param found gets what was replaced
 */
export function redact(text: string, found: Set<string> = new Set()): string {
  const hidden = (secret: string): string => {
    found.add(secret);
    return redacted(secret);
  };
  let safe = text;
  for (const shape of shapes) {
    safe = safe.replace(shape, (whole: string, ...groups: unknown[]) => {
      const kept = typeof groups[0] === 'string' ? groups[0] : '';
      return kept + hidden(whole.slice(kept.length));
    });
  }
  safe = safe.replace(base64, (encoded: string) => (holdsSecret(encoded) ? hidden(encoded) : encoded));
  if (!secretWord.test(safe)) return safe;
  if (manifestOfSecret.test(safe)) {
    safe = safe.replace(dataOfSecret, (whole: string, indent: string, head: string, lines: string) =>
      isRedacted(lines)
        ? whole
        : `${indent}${head}${indent}  ${hidden(lines.trim())}${lines.endsWith('\n') ? '\n' : ''}`,
    );
  }
  for (const pattern of assignments) {
    safe = safe.replace(pattern, (whole: string, ...rest: unknown[]) => {
      const { indent = '', head = '', name = '', value = '' } = rest.at(-1) as Record<string, string>;
      if (!isSecretName(name) || !isSecretValue(value)) return whole;
      const [before, secret, after] = inQuotes(value);
      return `${head}${head.endsWith('\n') ? `${indent}  ` : ''}${before}${hidden(secret)}${after}`;
    });
  }
  return safe;
}

/** RFC 4648 §4, in one line or in lines of one length. */
const base64 = /(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{60,76}\r?\n[ \t]*)*[A-Za-z0-9+/]{24,}={0,2}/g;

function holdsSecret(encoded: string): boolean {
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: texts have none of them
  return !/[\x00-\x08\x0e-\x1f]/.test(text) && redact(text) !== text;
}

/** A Kubernetes Secret in YAML. In a file of several objects, the data of the others goes with it. */
const manifestOfSecret = /^[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?Secret\b/m;
const dataOfSecret = /^([ \t]*)((?:data|stringData)[ \t]*:[ \t]*\n)((?:\1[ \t]+.*(?:\n|$))+)/gm;

function isRedacted(lines: string): boolean {
  return lines.split('\n').every((line) => line.trim() === '' || line.includes('(redacted, sha256 '));
}

/** Quotes, and what ends a line, stay. */
function inQuotes(value: string): readonly [before: string, inside: string, after: string] {
  let inside = value.trimEnd();
  if (inside.endsWith(',')) inside = inside.slice(0, -1);
  const after = value.slice(inside.length);
  const [, quote = '', quoted = inside] = /^(["'])([\s\S]*)\1$/.exec(inside) ?? [];
  return [quote, quoted, quote + after];
}

/**
 * Texts that are shown side by side, such as a file before and after a change: what is known for a secret in one of them
 * is hidden in all.
 * @param found secrets that are known already; gets those of the texts
 */
export function redactTogether(texts: readonly (string | null)[], found: Set<string> = new Set()): (string | null)[] {
  const safe = texts.map((text) => (text === null ? null : redact(text, found)));
  const known = [...found].flatMap((secret) => secret.split('\n').map((line) => line.trim())).filter(isTelling);
  // The longest first, for one may begin with another.
  const all = [...new Set(known)].sort((a, b) => b.length - a.length).slice(0, maxKnown);
  if (all.length === 0) return safe;
  const anyOfThem = new RegExp(all.map((secret) => secret.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('|'), 'g');
  return safe.map((text) => text?.replace(anyOfThem, (secret) => redacted(secret)) ?? null);
}

/** More secrets than these are not looked for everywhere. */
const maxKnown = 200;

/** Whether nothing but a secret would be written so: not a word, nor a short number. */
function isTelling(line: string): boolean {
  return line.length >= 8 && !/^[A-Za-z]+$/.test(line) && !line.includes('(redacted, ');
}
