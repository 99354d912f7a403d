// The schemas and settings in a site repo on disk, and the lines for editors in its documents.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { documentKinds, kindOfFile, schemas } from '../../schema/document-kinds.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { CliError } from './cli-error.ts';
import { jsonText, schemaAssociations, schemaPath, withModeline } from './schema-editor.ts';
import { settingsToAdd, withSchemas } from './schema-settings.ts';

export const settingsPath = '.vscode/settings.json';

/** The files that a site repo has for editors, by path from its top; where it has no settings yet. */
export function editorFiles(): ReadonlyMap<string, string> {
  const files = new Map(documentKinds.map((kind) => [schemaPath(kind), jsonText(schemas[kind.name])]));
  return files.set(settingsPath, settingsToAdd(schemaAssociations(documentKinds)));
}

/**
 * Write what is missing or not current; nothing else is touched.
 * @param documents those that get their line for editors
 * @returns paths of what was written, from the top of the site repo
 * @throws {CliError} before anything is written, when the settings that are there need a hand
 */
export function writeEditorFiles(folder: string, documents: SiteFiles): readonly string[] {
  const files = new Map([...editorFiles(), ...withModelines(documents)]);
  files.set(settingsPath, settingsFor(read(folder, settingsPath)));
  const stale = [...files].filter(([file, text]) => read(folder, file) !== text);
  for (const [file, text] of stale) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return stale.map(([file]) => file).sort();
}

function settingsFor(before: string | undefined): string {
  const associations = schemaAssociations(documentKinds);
  const text = withSchemas(before, associations);
  if (text !== null) return text;
  const what = `${settingsPath} cannot be changed without losing what people wrote in it; see to it that it says this:`;
  throw new CliError(`${what}\n${settingsToAdd(associations)}Then call this again.`);
}

/** What is no document, or no text, is left out. */
function withModelines(documents: SiteFiles): readonly (readonly [file: string, text: string])[] {
  return [...documents].flatMap(([file, { bytes }]) => {
    const kind = kindOfFile(file);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const isText = Buffer.from(text).equals(bytes);
    return kind && isText ? [[file, withModeline(text, file, kind)] as const] : [];
  });
}

function read(folder: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(folder, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
