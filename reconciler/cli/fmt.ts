// berth fmt: the documents of a site repo in their canonical form.
import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type DocumentKinds, kindOfFile } from '../../schema/document-kinds.ts';
import { type FormatResult, formatDocument } from '../../schema/format/format.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { diffLines } from '../plan/diff/text.ts';
import { readFolder } from '../source/folder.ts';
import { CliError } from './cli-error.ts';
import { placeIn, printDiagnostics } from './site-folder.ts';
import { colours, Progress } from './terminal.ts';

export interface FmtOptions {
  /** Write nothing; fail when there is something to write. */
  readonly check?: boolean;
  /** The same, and show what would be written. */
  readonly diff?: boolean;
}

/**
 * Format the documents of a site repo, or of some of its folders and files.
 * @param targets a site repo and then paths in it, or paths in a site repo that is found above the first of them
 * @returns 0 when all is well; 1 when a document cannot be read, or with `check` or `diff` has another form
 */
export async function fmt(targets: readonly string[], { check = false, diff = false }: FmtOptions): Promise<number> {
  const { root, paths } = await selectionOf(targets);
  const writes = !check && !diff;
  const documents = documentsIn(await readFolder(root), paths);
  const progress = new Progress();
  const output: string[] = [];
  const faults: (() => void)[] = [];
  try {
    for (const [index, { file, kind, bytes }] of documents.entries()) {
      progress.say(`formatting ${index + 1} of ${documents.length} documents`);
      const result = formatDocument(kind, file, bytes);
      const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      if (result.outcome !== 'formatted') faults.push(() => complain(file, root, result));
      else if (result.text !== before) {
        if (writes) await replace(path.join(root, file), result.text);
        const shown = shownFile(file, root);
        output.push(diff ? diffText(shown, before, result.text) : `${shown}\n`);
      }
    }
  } finally {
    progress.end();
    process.stdout.write(output.join(''));
  }
  for (const tell of faults) tell();
  if (!writes && output.length > 0) {
    const what = output.length === 1 ? '1 document has' : `${output.length} documents have`;
    process.stderr.write(`${what} another form than berth fmt gives\n`);
  }
  return faults.length > 0 || (!writes && output.length > 0) ? 1 : 0;
}

interface Selection {
  /** The site repo's folder. */
  readonly root: string;
  /** In the site repo, as files have them in {@link SiteFiles}; empty for everything. */
  readonly paths: readonly string[];
}

/** @throws {CliError} for what is not there, or in no site repo */
async function selectionOf([first = '.', ...rest]: readonly string[]): Promise<Selection> {
  if (await isThere(path.join(first, 'site.yaml'))) return { root: first, paths: await pathsIn(first, rest) };
  if (!(await isThere(first))) throw new CliError(`there is no ${first}`);
  for (let above = path.dirname(path.resolve(first)); ; above = path.dirname(above)) {
    if (await isThere(path.join(above, 'site.yaml'))) {
      const root = path.isAbsolute(first) ? above : path.relative('.', above) || '.';
      return { root, paths: await pathsIn(root, [first, ...rest]) };
    }
    if (above === path.dirname(above))
      throw new CliError(`${first} is in no site repo: there is no site.yaml above it`);
  }
}

/** Paths as seen from here, or from the site repo's folder. */
async function pathsIn(root: string, targets: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const target of targets) {
    const candidates = [path.relative(root, target), path.normalize(target)];
    const inside = candidates.filter((candidate) => !/^\.\.($|[\\/])/.test(candidate) && !path.isAbsolute(candidate));
    const there = await Promise.all(inside.map((candidate) => isThere(path.join(root, candidate))));
    const found = inside[there.indexOf(true)];
    if (found === undefined) throw new CliError(`there is no ${target} in ${root === '.' ? 'this site repo' : root}`);
    paths.push(found.split(path.sep).join('/').replace(/\/$/, ''));
  }
  return paths.includes('') || paths.includes('.') ? [] : paths;
}

interface DocumentFile {
  readonly file: string;
  readonly kind: keyof DocumentKinds;
  readonly bytes: Uint8Array;
}

/** @throws {CliError} when none of the paths leads to a document */
function documentsIn(files: SiteFiles, paths: readonly string[]): readonly DocumentFile[] {
  const isAsked = (file: string): boolean => paths.some((one) => file === one || file.startsWith(`${one}/`));
  const documents = [...files].flatMap(([file, { bytes }]) => {
    const kind = paths.length === 0 || isAsked(file) ? (kindOfFile(file)?.name ?? null) : null;
    return kind === null ? [] : [{ file, kind, bytes }];
  });
  if (documents.length === 0) throw new CliError(`${paths.join(', ')}: no document of a site repo`);
  return documents;
}

/** @throws what the system says when it cannot be known, as of a folder that may not be entered */
async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/**
 * Replace a file as a whole, so that nobody ever reads half of it; who may do what with it stays.
 * @throws {CliError} when it cannot be; nothing is left behind
 */
async function replace(file: string, text: string): Promise<void> {
  const partial = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
  const { mode } = await stat(file);
  try {
    const handle = await open(partial, 'wx');
    try {
      await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (error) {
    // What is told is why it could not be written, not what became of the draft.
    await rm(partial, { force: true }).catch(() => undefined);
    throw new CliError(`${file} is left as it was: ${error instanceof Error ? error.message : error}`);
  }
}

function diffText(file: string, before: string, after: string): string {
  const { bold, red, green, cyan } = colours(process.stdout);
  const paints: Readonly<Record<string, (text: string) => string>> = { '-': red, '+': green, '@': cyan };
  const lines = diffLines(before, after).map((line) => paints[line.charAt(0)]?.(line) ?? line);
  return [bold(`--- ${file}`), bold(`+++ ${file}`), ...lines, ''].join('\n');
}

function complain(file: string, root: string, result: Exclude<FormatResult, { readonly outcome: 'formatted' }>): void {
  if (result.outcome === 'unreadable') return printDiagnostics(result.diagnostics, root);
  const what = `${shownFile(file, root)} is left as it is: ${result.reason}`;
  process.stderr.write(`${what}. This is a fault of berth fmt, not of the file.\n`);
}

/** The file as it can be opened from where the user stands. */
function shownFile(file: string, root: string): string {
  return placeIn({ file, line: 1, column: 1 }, root).file;
}
