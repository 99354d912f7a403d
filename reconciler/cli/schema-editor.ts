// What a site repo holds for editors: the schemas, settings that map them to files, and a line at the top of each file
// for editors that do not read the settings. All of it lies in .vscode/, so that it works offline and at any commit;
// the reader of site repos leaves folders at the top alone whose names begin with a dot.
import type { DocumentKind } from '../../schema/document-kinds.ts';

const folder = '.vscode/berth';

/** Where the schema of a kind is, from the top of the site repo. */
export function schemaPath({ name }: DocumentKind): string {
  return `${folder}/${name}.schema.json`;
}

/** Whether a key of `yaml.schemas` is one of ours, of this version or of an earlier one. */
export function isSchemaPath(path: string): boolean {
  return path.replace(/^\.\//, '').startsWith(`${folder}/`);
}

/**
 * What `yaml.schemas` says in the settings of VS Code: schema → files. The YAML language server takes a pattern for
 * the end of a file's path, so the slash before it keeps `site.yaml` from meaning `my-site.yaml`.
 */
export function schemaAssociations(kinds: readonly DocumentKind[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(kinds.map((kind) => [schemaPath(kind), [`/${kind.glob}`]]));
}

const modeline = /^# yaml-language-server: \$schema=.*(?:\r?\n|$)/;

/**
 * A document with the line for editors at its top; one that stands there already is put right.
 * @param path of the document, from the top of the site repo
 */
export function withModeline(text: string, path: string, kind: DocumentKind): string {
  const up = '../'.repeat(path.split('/').length - 1);
  return `# yaml-language-server: $schema=${up}${schemaPath(kind)}\n${text.replace(modeline, '')}`;
}

/**
 * JSON for people to read, two spaces deep, ending in a newline: a list without maps takes one line where that fits.
 * This is also how Biome and Prettier lay it out, at 120 columns.
 */
export function jsonText(value: unknown): string {
  return `${layOut(value, '', 0)}\n`;
}

const lineWidth = 120;

/** @param before how many characters of the line are taken by what stands before the value */
function layOut(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const line = oneLine(value);
    if (line !== null && before + line.length < lineWidth) return line;
    return block(
      '[',
      value.map((item) => layOut(item, deeper, deeper.length)),
      ']',
    );
  }
  const members = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return `${name}${layOut(item, deeper, deeper.length + name.length)}`;
  });
  return block('{', members, '}');

  function block(open: string, parts: readonly string[], close: string): string {
    if (parts.length === 0) return `${open}${close}`;
    return `${open}\n${parts.map((part) => `${deeper}${part}`).join(',\n')}\n${indent}${close}`;
  }
}

/** Null where there is a map in it. */
function oneLine(value: unknown): string | null {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? null : JSON.stringify(value);
  const items = value.map(oneLine);
  return items.includes(null) ? null : `[${items.join(', ')}]`;
}
