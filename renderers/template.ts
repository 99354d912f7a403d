// The template language of Ignition sources: strict variables, lists, and nothing else.
//
//   {{ machine.name }}                            a value; what is missing is an error
//   {{ each site.ntp }}server {{ item }}{{ end }}   once for each element
//   {{ "{{" }}                                    the text between the quotes
//
// A line that holds nothing but one each or end tag leaves no line behind.

/** What templates read from: scalars, lists and records of them. */
export type TemplateValue =
  | string
  | number
  | boolean
  | readonly TemplateValue[]
  | { readonly [name: string]: TemplateValue };

/** A template that cannot be read or filled in. `offset` counts UTF-16 code units from the start of its text. */
export class TemplateError extends Error {
  readonly code = 'TEMPLATE';
  constructor(
    message: string,
    readonly offset: number,
    /** The variable that cannot be filled in; null for a text that is no template. */
    readonly variable: string | null = null,
  ) {
    super(message);
    this.name = 'TemplateError';
  }
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: readonly string[]; readonly offset: number }
  | {
      readonly kind: 'each';
      readonly path: readonly string[];
      readonly offset: number;
      readonly body: readonly Part[];
    };

export interface Template {
  readonly parts: readonly Part[];
}

/** Where rendered text goes, piece by piece; encoders must not depend on where the pieces are cut. */
export type Encode = (text: string) => string;

interface Tag {
  readonly start: number;
  /** Of the first character past the tag, and past its line when it stands alone on it. */
  readonly end: number;
  /** Where the text before the tag ends. */
  readonly textEnd: number;
  /** What stands between the quotes of a tag that is a quoted text. */
  readonly literal?: string;
  readonly words: readonly string[];
}

/** @throws {TemplateError} when a tag is not of the language */
export function parseTemplate(text: string): Template {
  let position = 0;
  const parts = (opened: Tag | null): Part[] => {
    const result: Part[] = [];
    for (;;) {
      const tag = nextTag(text, position);
      const before = text.slice(position, tag?.textEnd ?? text.length);
      if (before !== '') result.push({ kind: 'text', text: before });
      if (!tag) {
        if (opened) throw new TemplateError('this each has no end', opened.start);
        return result;
      }
      position = tag.end;
      const [first = '', second = ''] = tag.words;
      if (tag.literal !== undefined) result.push({ kind: 'text', text: tag.literal });
      else if (first === 'end' && tag.words.length === 1) {
        if (!opened) throw new TemplateError('this end has no each before it', tag.start);
        return result;
      } else if (first === 'each' && tag.words.length === 2) {
        result.push({ kind: 'each', path: pathOf(second, tag), offset: tag.start, body: parts(tag) });
      } else if (tag.words.length === 1 && first !== 'each') {
        result.push({ kind: 'value', path: pathOf(first, tag), offset: tag.start });
      } else
        throw new TemplateError(`{{ ${shorten(tag.words.join(' '))} }} is not of the template language`, tag.start);
    }
  };
  return { parts: parts(null) };
}

const literalTag = /\{\{\s*"([^"\n]*)"\s*\}\}/y;

function nextTag(text: string, from: number): Tag | null {
  const start = text.indexOf('{{', from);
  if (start < 0) return null;
  literalTag.lastIndex = start;
  const literal = literalTag.exec(text)?.[1];
  if (literal !== undefined) return { start, end: literalTag.lastIndex, textEnd: start, literal, words: [] };
  const close = text.indexOf('}}', start);
  if (close < 0) throw new TemplateError('this {{ has no }}', start);
  const inside = text.slice(start + 2, close).trim();
  const words = inside.split(/\s+/);
  const tag = { start, end: close + 2, textEnd: start, words };
  return words[0] === 'each' || words[0] === 'end' ? withItsLine(text, tag) : tag;
}

/** The tag and the line around it, when nothing else stands there. */
function withItsLine(text: string, tag: Tag): Tag {
  let first = tag.start;
  while (first > 0 && /[ \t]/.test(text.charAt(first - 1))) first--;
  let last = tag.end;
  while (/[ \t\r]/.test(text.charAt(last))) last++;
  const opensLine = first === 0 || text.charAt(first - 1) === '\n';
  const closesLine = last === text.length || text.charAt(last) === '\n';
  return opensLine && closesLine ? { ...tag, textEnd: first, end: Math.min(last + 1, text.length) } : tag;
}

function pathOf(word: string, tag: Tag): readonly string[] {
  if (!/^[A-Za-z_][\w-]*(\.[\w-]+)*$/.test(word)) {
    throw new TemplateError(`${word === '' ? 'an empty tag' : shorten(word)} is no variable`, tag.start);
  }
  return word.split('.');
}

/** Where a }} is far away, a tag can be most of a file. */
function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** What a template reads, as it names it: `machine.links.0.mac`, and `item` or `item.…` inside an each. */
export function* namesRead({ parts }: Template): Generator<string> {
  for (const part of parts) {
    if (part.kind !== 'text') yield part.path.join('.');
    if (part.kind === 'each') yield* namesRead({ parts: part.body });
  }
}

/** @throws {TemplateError} when a variable is missing or is no scalar (or no list, in an each) */
export function renderTemplate(template: Template, scope: TemplateValue, encode: Encode): string {
  let result = '';
  for (const part of template.parts) result += renderPart(part, scope, encode);
  return result;
}

/** The template with its fixed texts encoded already, for templates that are rendered many times. */
export function encodeTexts(template: Template, encode: Encode): Template {
  const parts = (list: readonly Part[]): Part[] =>
    list.map((part) => {
      if (part.kind === 'text') return { kind: 'text', text: encode(part.text) };
      return part.kind === 'each' ? { ...part, body: parts(part.body) } : part;
    });
  return { parts: parts(template.parts) };
}

/** Texts are taken as they stand: {@link encodeTexts} has encoded them. */
function renderPart(part: Part, scope: TemplateValue, encode: Encode): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'value': {
      const value = lookUp(scope, part);
      if (typeof value === 'object') throw notThe('single value', value, part);
      return encode(String(value));
    }
    case 'each': {
      const list = lookUp(scope, part);
      if (!Array.isArray(list)) throw notThe('list', list, part);
      let result = '';
      for (const item of list as readonly TemplateValue[]) {
        const inner = { ...(scope as object), item } as TemplateValue;
        for (const inside of part.body) result += renderPart(inside, inner, encode);
      }
      return result;
    }
  }
}

interface Reference {
  readonly path: readonly string[];
  readonly offset: number;
}

function lookUp(scope: TemplateValue, { path, offset }: Reference): TemplateValue {
  let value: TemplateValue = scope;
  for (let depth = 0; depth < path.length; depth++) {
    const name = path[depth] ?? '';
    const next = memberOf(value, name);
    if (next === undefined) {
      const parent = depth === 0 ? 'there is no variable' : `${path.slice(0, depth).join('.')} has no`;
      throw new TemplateError(`${parent} ${name}${known(value)}`, offset, path.join('.'));
    }
    value = next;
  }
  return value;
}

/** Lists have their elements by number, and nothing else. */
function memberOf(value: TemplateValue, name: string): TemplateValue | undefined {
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(name) ? (value as readonly TemplateValue[])[Number(name)] : undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, TemplateValue>)[name] : undefined;
}

function notThe(expected: string, found: TemplateValue, { path, offset }: Reference): TemplateError {
  const variable = path.join('.');
  return new TemplateError(`${variable} is ${describe(found)}, not a ${expected}`, offset, variable);
}

function known(value: TemplateValue): string {
  if (Array.isArray(value)) return `: it is a list of ${value.length}`;
  if (typeof value !== 'object') return '';
  const names = Object.keys(value);
  return names.length > 0 ? `; known are: ${names.join(', ')}` : ', nor anything else';
}

function describe(value: TemplateValue): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a record' : 'a single value';
}
