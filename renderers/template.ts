// The template language of Ignition sources: strict variables, lists, and nothing else.
//
//   {{ machine.name }}                            a value; what is missing is an error
//   {{ each site.ntp }}server {{ item }}{{ end }}   once for each element
//   {{ "{{" }}                                    the text between the quotes
//
// A line that holds nothing but an each or end tag leaves no line behind.

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
  readonly words: readonly string[];
}

/** @throws {TemplateError} when a tag is not of the language */
export function parseTemplate(text: string): Template {
  let position = 0;
  const parts = (opened: Tag | null): Part[] => {
    const result: Part[] = [];
    for (;;) {
      const tag = nextTag(text, position);
      const literal = text.slice(position, tag?.textEnd ?? text.length);
      if (literal !== '') result.push({ kind: 'text', text: literal });
      if (!tag) {
        if (opened) throw new TemplateError('this each has no end', opened.start);
        return result;
      }
      position = tag.end;
      const [first = '', second = ''] = tag.words;
      if (first === 'end' && tag.words.length === 1) {
        if (!opened) throw new TemplateError('this end has no each before it', tag.start);
        return result;
      }
      if (first.startsWith('"')) result.push({ kind: 'text', text: first.slice(1, -1) });
      else if (first === 'each' && tag.words.length === 2) {
        result.push({ kind: 'each', path: pathOf(second, tag), offset: tag.start, body: parts(tag) });
      } else if (tag.words.length === 1) {
        result.push({ kind: 'value', path: pathOf(first, tag), offset: tag.start });
      } else throw new TemplateError(`{{ ${tag.words.join(' ')} }} is not of the template language`, tag.start);
    }
  };
  return { parts: parts(null) };
}

function nextTag(text: string, from: number): Tag | null {
  const start = text.indexOf('{{', from);
  if (start < 0) return null;
  const quoted = /^\{\{\s*("[^"\n]*")\s*\}\}/.exec(text.slice(start, start + 500));
  const close = text.indexOf('}}', start);
  if (close < 0) throw new TemplateError('this {{ has no }}', start);
  const end = quoted ? start + quoted[0].length : close + 2;
  const words =
    quoted?.[1] !== undefined
      ? [quoted[1]]
      : text
          .slice(start + 2, close)
          .trim()
          .split(/\s+/);
  if (words[0] !== 'each' && words[0] !== 'end') return { start, end, textEnd: start, words };
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline;
  const alone = lineStart >= from && `${text.slice(lineStart, start)}${text.slice(end, lineEnd)}`.trim() === '';
  return alone
    ? { start, end: Math.min(lineEnd + 1, text.length), textEnd: lineStart, words }
    : { start, end, textEnd: start, words };
}

function pathOf(word: string, tag: Tag): readonly string[] {
  if (!/^[A-Za-z_][\w-]*(\.[\w-]+)*$/.test(word)) {
    throw new TemplateError(`${word === '' ? 'an empty tag' : word} is no variable`, tag.start);
  }
  return word.split('.');
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
      const value = lookUp(scope, part.path, part.offset);
      if (typeof value === 'object') {
        throw new TemplateError(`${part.path.join('.')} is ${describe(value)}, not a single value`, part.offset);
      }
      return encode(String(value));
    }
    case 'each': {
      const list = lookUp(scope, part.path, part.offset);
      if (!Array.isArray(list)) {
        throw new TemplateError(`${part.path.join('.')} is ${describe(list)}, not a list`, part.offset);
      }
      let result = '';
      for (const item of list as readonly TemplateValue[]) {
        const inner = { ...(scope as object), item } as TemplateValue;
        for (const inside of part.body) result += renderPart(inside, inner, encode);
      }
      return result;
    }
  }
}

function lookUp(scope: TemplateValue, path: readonly string[], offset: number): TemplateValue {
  let value: TemplateValue = scope;
  for (const [depth, name] of path.entries()) {
    const next: TemplateValue | undefined =
      typeof value === 'object' && Object.hasOwn(value, name)
        ? (value as Record<string, TemplateValue>)[name]
        : undefined;
    if (next === undefined) {
      const parent = depth === 0 ? 'there is no variable' : `${path.slice(0, depth).join('.')} has no`;
      throw new TemplateError(`${parent} ${name}${known(value)}`, offset);
    }
    value = next;
  }
  return value;
}

function known(value: TemplateValue): string {
  if (Array.isArray(value)) return `: it is a list of ${value.length}`;
  return typeof value === 'object' ? `; known are: ${Object.keys(value).join(', ')}` : '';
}

function describe(value: TemplateValue): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a record' : 'a single value';
}
