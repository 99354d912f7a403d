// Takes secrets out of what is shown: rendered files, Kubernetes objects, values that changed.
//
// None of them should be there at all: machines fetch secrets once they run. But who reviews a change must not be the
// next to leak one that a rule has missed. What looks like a secret is replaced by the beginning of its digest, so that
// it still shows whether it changed.
import { sha256 } from '../../schema/canonical.ts';

/** What stands in the place of a secret. */
export function redacted(secret: string): string {
  return `(redacted, sha256 ${sha256(secret).slice(0, 12)})`;
}

/** Names of values that are secret, and endings that make a name one of something else: where it is, not what it is. */
const secretWord = /pass(?:word|wd|phrase)|secret|token|credential|(?:api|access|private|encryption|signing)[-_.]?key/i;
const tellsWhere =
  /(?:file|path|dir|directory|name|namespace|ref|reference|url|uri|type|class|provider|mode|kind|key-?ref|ttl|seconds|count|limit|policy|source|projection|audience|issuer|rotation|enabled|required)s?$/i;

/** Whether a value with that name is taken for a secret. A path is what its last step says. */
export function isSecretName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return secretWord.test(name) && !tellsWhere.test(name.replace(/[-_.]/g, ''));
}

/** The value, unless its name says that it is secret, or it looks like it. */
export function redactValue(name: string, value: string): string {
  return isSecretName(name) && isSecretValue(value) ? redacted(value) : redact(value);
}

/** Shapes that are secret whatever they are called. The first group, if there is one, is kept. */
const shapes: readonly RegExp[] = [
  // RFC 7468, also where lines are joined by an escaped line end; one without its end counts up to where the text ends.
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /AGE-SECRET-KEY-1[0-9A-Z]{20,}/gi,
  // crypt(5), as /etc/shadow has it.
  /\$(?:[1567]|2[abxy]?|y|gy|md5|sha1|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,20})\$[^\s:;,"'`]{8,}/g,
  /\{(?:S?SHA(?:256|384|512)?|CRYPT|PBKDF2[\w-]{0,20})\}[A-Za-z0-9+/=$.]{16,}/g,
  // Tokens that begin with what they are.
  /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|hvs\.[\w-]{20,})/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  // RFC 7519.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  // kubeadm's.
  /(?<![\w.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.-])/g,
  /(\b(?:Bearer|Basic)\s+)[\w.~+/-]{12,}=*/gi,
  // RFC 3986 §3.2.1.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}:)[^\s/@"']{1,500}(?=@)/gi,
];

/** Found where another one ends, so that `Environment=PASSWORD=x` holds one. */
const name = String.raw`(?<![\w.]|[\w.]-)(?=[\w.-]{0,100}?(?:${secretWord.source}))(?<name>[A-Za-z][\w.-]{0,100})`;
const valueInQuotes = String.raw`"(?:[^"\\\n]|\\.)*"|'[^'\n]*'`;

/** Values that their names tell to be secret: what stands before the name, the name, the sign and the value. */
const assignments: readonly RegExp[] = [
  // A block scalar of YAML (1.2.2 §8.1): its text stands in the lines below that are indented more.
  new RegExp(
    String.raw`^(?<head>(?<indent>[ \t]*)(?:- )?["']?${name}["']?[ \t]*:[ \t]*[|>][-+\d]*[ \t]*\n)` +
      String.raw`(?<value>(?:(?:\k<indent>[ \t]+.*|[ \t]*)(?:\n|$))+)`,
    'gim',
  ),
  // A line of YAML, of an INI file or of a shell.
  new RegExp(String.raw`^(?<head>[ \t]*(?:- |export )?["']?${name}["']?[ \t]*[:=][ \t]*)(?<value>[^\s].*)$`, 'gim'),
  // Quoted as a whole, as systemd has it.
  new RegExp(String.raw`(?<head>"${name}=)(?<value>[^"\n]+)(?=")`, 'gi'),
  new RegExp(String.raw`(?<head>'${name}=)(?<value>[^'\n]+)(?=')`, 'gi'),
  // In a flow collection of YAML, or JSON.
  new RegExp(String.raw`(?<head>${name}["']?[ \t]*:[ \t]*)(?<value>${valueInQuotes}|[^\s"',}\]][^"',}\]\n]*)`, 'gi'),
  // An argument of a kernel or a program.
  new RegExp(String.raw`(?<head>${name}=)(?<value>${valueInQuotes}|[^\s"']+)`, 'gi'),
  new RegExp(String.raw`(?<head>--${name}[ \t]+)(?<value>${valueInQuotes}|[^\s"'-][^\s"']*)`, 'gi'),
];

/** A text with whatever looks like a secret replaced. */
export function redact(text: string): string {
  let safe = text;
  for (const shape of shapes) {
    safe = safe.replace(shape, (whole: string, ...groups: unknown[]) => {
      const kept = typeof groups[0] === 'string' ? groups[0] : '';
      return kept + redacted(whole.slice(kept.length));
    });
  }
  if (!secretWord.test(safe)) return safe;
  if (manifestOfSecret.test(safe)) safe = safe.replace(dataOfSecret, redactLines);
  for (const pattern of assignments) {
    safe = safe.replace(pattern, (whole: string, ...rest: unknown[]) => {
      const { indent = '', head = '', name: called = '', value = '' } = rest.at(-1) as Record<string, string>;
      if (!isSecretName(called) || !isSecretValue(value)) return whole;
      return head + (head.endsWith('\n') ? `${indent}  ` : '') + redactedInside(value);
    });
  }
  return safe;
}

/** A Kubernetes Secret in YAML. In a file of several objects, the data of the others goes with it. */
const manifestOfSecret = /^[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?Secret\b/m;
const dataOfSecret = /^([ \t]*)((?:data|stringData)[ \t]*:[ \t]*\n)((?:\1[ \t]+.*(?:\n|$))+)/gm;

function redactLines(whole: string, indent: string, head: string, lines: string): string {
  if (lines.split('\n').every((line) => line.trim() === '' || line.includes('(redacted, sha256 '))) return whole;
  return `${indent}${head}${indent}  ${redacted(lines.trim())}${lines.endsWith('\n') ? '\n' : ''}`;
}

/** Quotes, and what ends a line, stay. */
function redactedInside(value: string): string {
  const [, quoted = '', end = ''] = /^([\s\S]*?)(,?\s*)$/.exec(value) ?? [];
  const [, quote = '', inside = quoted] = /^(["'])([\s\S]*)\1$/.exec(quoted) ?? [];
  return quote + redacted(inside) + quote + end;
}

/** Switches, what a shell puts in, files, and what has been replaced before are no secrets. */
function isSecretValue(value: string): boolean {
  const bare = value
    .trim()
    .replace(/,$/, '')
    .replace(/^(["'])([\s\S]*)\1$/, '$2');
  return !noSecret.test(bare) && !bare.includes('(redacted');
}

const noSecret =
  /^(?:|true|false|yes|no|on|off|none|null|~|[{[].*|[|>][-+\d]*|\$[({].*|\/(?:boot|dev|etc|home|lib|mnt|opt|proc|root|run|srv|sys|tmp|usr|var)\/[\w./-]*)$/s;

/** A Kubernetes object, or any plain data, with secrets replaced wherever they are in it. */
export function redactObject(value: unknown): unknown {
  return redactMember('', value);
}

function redactMember(name: string, value: unknown): unknown {
  if (typeof value === 'string') return copyOfObject(value) ?? redactValue(name, value);
  if (Array.isArray(value)) return value.map((item) => redactMember(name, item));
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(record).map(([key, member]) => {
      if (isSecretData(record, key)) return [key, redactAll(member)];
      // A variable of an environment has its name beside its value.
      const meant = key === 'value' && typeof record.name === 'string' ? record.name : key;
      return [key, redactMember(meant, member)];
    }),
  );
}

/** Tools keep copies of whole objects in annotations, as JSON. */
function copyOfObject(text: string): string | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.stringify(redactMember('', JSON.parse(text)));
  } catch {
    return null;
  }
}

/** Members of a Kubernetes Secret that hold its data. */
function isSecretData({ kind }: Readonly<Record<string, unknown>>, key: string): boolean {
  return kind === 'Secret' && (key === 'data' || key === 'stringData');
}

function redactAll(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return redacted(String(value));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redacted(String(member))]));
}
