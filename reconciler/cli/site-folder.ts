// A site repo on disk → compiled, or its findings printed.
import { statSync } from 'node:fs';
import { type Diagnostic, formatDiagnostic } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { type CompiledSite, compileSite } from '../source/accept.ts';
import { readFolder } from '../source/folder.ts';
import { CliError } from './cli-error.ts';

/** @throws {CliError} when the folder is none */
export async function readSiteFolder(folder: string): Promise<SiteFiles> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new CliError(`${folder} is no folder`);
  return readFolder(folder);
}

/** The compiled site, or null after its findings were printed to stderr. */
export function compileOrPrint(files: SiteFiles, where: string): CompiledSite | null {
  const { compiled, diagnostics } = compileSite(files);
  if (!compiled) printDiagnostics(diagnostics, where);
  return compiled;
}

/** Findings with paths that can be opened from where the user stands. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], where: string): void {
  for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(placedIn(diagnostic, where))}\n`);
}

/** The finding with the folder before its file's path. */
export function placedIn(diagnostic: Diagnostic, folder: string): Diagnostic {
  if (folder === '.' || folder === '') return diagnostic;
  const { place } = diagnostic;
  return { ...diagnostic, place: { ...place, file: `${folder.replace(/\/+$/, '')}/${place.file}` } };
}
