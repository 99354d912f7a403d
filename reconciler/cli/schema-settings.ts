// The schemas in an existing .vscode/settings.json. It belongs to the people of the site: whatever else stands in it
// stays as it is, comments and layout too. VS Code reads it as JSON with comments and commas before closing brackets.
import { isDeepStrictEqual } from 'node:util';
import { isSchemaPath, jsonText } from './schema-editor.ts';

type Settings = Readonly<Record<string, unknown>>;
type Associations = Readonly<Record<string, readonly string[]>>;

const section = 'yaml.schemas';

/**
 * @param before text of the file; undefined where there is none
 * @returns text that maps the schemas and says everything else that it said before, the same text where it does so
 *   already; null where that needs a hand: the file is not as VS Code reads it, or maps schemas of another version
 *   among comments, which would be lost
 */
export function withSchemas(before: string | undefined, associations: Associations): string | null {
  if (before === undefined || before.trim() === '') return jsonText({ [section]: associations });
  const settings = parseSettings(before);
  const mapped = settings?.[section] ?? {};
  if (!settings || !isMap(mapped)) return null;
  const others = Object.entries(mapped).filter(([path]) => !isSchemaPath(path));
  const wanted = { ...settings, [section]: { ...associations, ...Object.fromEntries(others) } };
  if (isDeepStrictEqual(settings, wanted)) return before;
  // What is inserted beside some that are there already would stand twice.
  const hasSome = others.length < Object.keys(mapped).length;
  const inserted = hasSome ? null : insert(before, section in settings, associations);
  if (inserted !== null && isDeepStrictEqual(parseSettings(inserted), wanted)) return inserted;
  return isPlainJson(before) ? jsonText(wanted) : null;
}

/** What a person is asked to add who is left to do it. */
export function settingsToAdd(associations: Associations): string {
  return jsonText({ [section]: associations });
}

/** Strings, comments, and whatever else, a character at a time. */
const token = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\s\S]/g;

/** The map in the file, null where there is none. */
function parseSettings(text: string): Settings | null {
  const withoutComments = text.replace(token, (part) => (/^\/[/*]/.test(part) ? ' ' : part));
  const plain = withoutComments.replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (part) => (part === ',' ? '' : part));
  const value = parseJson(plain);
  return isMap(value) ? value : null;
}

function isPlainJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMap(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The associations as first members of their section, or the section as first member of the file; the rest untouched.
 * What comes out may be wrong, as for an empty map or for one that has some of them: the caller looks.
 */
function insert(text: string, hasSection: boolean, associations: Associations): string | null {
  const at = hasSection ? offsetInSection(text) : offsetAfter(text, '{', 0);
  if (at === null) return null;
  const lines = jsonText(hasSection ? associations : { [section]: associations })
    .trimEnd()
    .split('\n')
    .slice(1, -1);
  const indent = hasSection ? '  ' : '';
  const isEmpty = /^\s*\}/.test(text.slice(at));
  const members = lines.map((line) => `\n${indent}${line}`).join('');
  return `${text.slice(0, at)}${members}${isEmpty ? `\n${indent}` : ','}${text.slice(at).replace(isEmpty ? /^\s*/ : '', '')}`;
}

/** Behind the bracket that opens the section. */
function offsetInSection(text: string): number | null {
  const name = offsetAfter(text, JSON.stringify(section), 0);
  return name === null ? null : offsetAfter(text, '{', name);
}

/** Behind the first such token outside of comments, from an offset on. */
function offsetAfter(text: string, wanted: string, from: number): number | null {
  for (const { 0: part, index } of text.matchAll(token)) {
    if (index >= from && part === wanted) return index + part.length;
  }
  return null;
}
