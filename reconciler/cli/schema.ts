// berth schema: the JSON Schemas of a site repo, for editors and for people.
import path from 'node:path';
import { documentKinds, schemas } from '../../schema/document-kinds.ts';
import { suggest } from '../../schema/suggest.ts';
import { CliError } from './cli-error.ts';
import { jsonText } from './schema-editor.ts';
import { writeEditorFiles } from './schema-write.ts';
import { readSiteFolder } from './site-folder.ts';
import { colours } from './terminal.ts';

export interface SchemaOptions {
  /** True without a folder. */
  readonly write?: string | true;
  readonly modelines?: boolean;
}

export async function schema(kind: string | undefined, { write, modelines = false }: SchemaOptions): Promise<number> {
  if (modelines && write === undefined) throw new CliError('--modelines goes with --write');
  if (write !== undefined) {
    if (kind !== undefined) throw new CliError('--write writes the schemas of all kinds: name none');
    await tellWritten(write === true ? '.' : write, modelines);
  } else process.stdout.write(kind === undefined ? listOfKinds() : schemaText(kind));
  return 0;
}

async function tellWritten(folder: string, modelines: boolean): Promise<void> {
  const documents = await readSiteFolder(folder);
  const written = writeEditorFiles(folder, modelines ? documents : new Map());
  for (const file of written) process.stdout.write(`wrote ${path.join(folder, file)}\n`);
  if (written.length === 0) process.stdout.write('everything is up to date\n');
}

function schemaText(kind: string): string {
  const names = documentKinds.map(({ name }) => name);
  const found = documentKinds.find(({ name }) => name === kind);
  if (found) return jsonText(schemas[found.name]);
  const meant = suggest(kind, names);
  const hint = meant === null ? `there are ${names.join(', ')}` : `did you mean ${meant}?`;
  throw new CliError(`there is no kind ${kind}; ${hint}`);
}

function listOfKinds(): string {
  const { bold, dim } = colours(process.stdout);
  const nameWidth = Math.max(...documentKinds.map(({ name }) => name.length));
  const globWidth = Math.max(...documentKinds.map(({ glob }) => glob.length));
  const rows = documentKinds.map(({ name, glob }) => {
    // A description begins with the file's name, which has a column of its own.
    const { description } = schemas[name];
    const what = description.slice(description.indexOf(': ') + 2);
    return `${bold(name.padEnd(nameWidth))}  ${glob.padEnd(globWidth)}  ${dim(firstSentence(what))}\n`;
  });
  return `${rows.join('')}\nberth schema <kind> prints one, berth schema --write gives all to your editor.\n`;
}

function firstSentence(text: string): string {
  const end = text.indexOf('. ');
  return end < 0 ? text.replace(/\.$/, '') : text.slice(0, end);
}
