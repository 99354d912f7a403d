// A site repo on disk or in a commit → compiled, or its findings printed.
import { statSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, formatDiagnostic, type Place } from '../../schema/diagnostic.ts';
import type { Site, SiteFiles } from '../../schema/load.ts';
import { type Compilation, type CompiledSite, compileSite } from '../source/accept.ts';
import { readFolder } from '../source/folder.ts';
import { SiteFilesError } from '../source/site-files.ts';
import { CliError } from './cli-error.ts';
import { runCache } from './run-cache.ts';

/** @throws {CliError} when the folder is none, or is no site repo; {@link SiteFilesError} */
export async function readSiteFolder(folder: string): Promise<SiteFiles> {
  checkFolder(folder);
  if (statSync(path.join(folder, 'site.yaml'), { throwIfNoEntry: false }) === undefined) {
    const where = folder === '.' ? 'this folder' : folder;
    throw new CliError(`${where} is no site repo: it has no site.yaml`);
  }
  return readFolder(folder);
}

/** @throws {CliError} when the folder is none */
export function checkFolder(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) throw new CliError(`there is no folder ${folder}`);
  if (!stat.isDirectory()) throw new CliError(`${folder} is no folder`);
}

/** Compile what is read. What no site repo may hold is a finding like any other. */
export async function compileFiles(reading: Promise<SiteFiles>, base: Site | null = null): Promise<Compilation> {
  let files: SiteFiles;
  try {
    files = await reading;
  } catch (error) {
    if (!(error instanceof SiteFilesError)) throw error;
    const place = { file: error.path, line: 1, column: 1 };
    const message = error.message.slice(error.message.indexOf(': ') + 2);
    return { compiled: null, diagnostics: [{ rule: 'BERTH-011', severity: 'error', place, message }] };
  }
  return compileSite(files, base, runCache());
}

/** The compiled site, or null after its findings were printed to stderr. */
export function compileOrPrint(files: SiteFiles, where: string): CompiledSite | null {
  return orPrint(compileSite(files), where);
}

/** The compiled site, or null after its findings were printed to stderr. */
export function orPrint({ compiled, diagnostics }: Compilation, where: string): CompiledSite | null {
  if (!compiled) printDiagnostics(diagnostics, where);
  return compiled;
}

/** Findings with paths that can be opened from where the user stands. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], where: string): void {
  for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(placedIn(diagnostic, where))}\n`);
}

/** The finding with where its files are found before them, those in its message too: `taken already at racks/r0.yaml:8:15`. */
export function placedIn(diagnostic: Diagnostic, where: string): Diagnostic {
  const message = diagnostic.message.replace(placeInText, (file) => placeIn({ file, line: 0, column: 0 }, where).file);
  return { ...diagnostic, place: placeIn(diagnostic.place, where), message };
}

/** A file of the site repo that a line and a column follow. */
const placeInText = /(?<![\w/.:-])(?:[\w.-]+\/)*[\w.-]+\.\w+(?=:\d+:\d+)/g;

/**
 * The place with where its file is found before it.
 * @param where a folder, or `<ref>:<folder>` as `git show` takes it
 */
export function placeIn(place: Place, where: string): Place {
  if (where === '.' || where === '') return place;
  const prefix = where.endsWith(':') ? where : `${where.replace(/\/+$/, '')}/`;
  return { ...place, file: `${prefix}${place.file}` };
}
