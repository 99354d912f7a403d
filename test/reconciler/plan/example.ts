// The example site, and small changes to it.
import { fileURLToPath } from 'node:url';
import { type CompiledSite, compileSite } from '../../../reconciler/source/accept.ts';
import { readFolder } from '../../../reconciler/source/folder.ts';
import { formatDiagnostic } from '../../../schema/diagnostic.ts';
import type { SiteFiles } from '../../../schema/load.ts';

export const exampleFolder = fileURLToPath(new URL('../../../examples/site-repo', import.meta.url));
export const exampleFiles: SiteFiles = await readFolder(exampleFolder);

/** A text that stands in a file once, and what it becomes. */
export type Edit = readonly [file: string, from: string, to: string];

/** @throws {Error} when a text is not there, or not once */
export function edited(files: SiteFiles, ...edits: readonly Edit[]): SiteFiles {
  const changed = new Map(files);
  for (const [file, from, to] of edits) {
    const before = changed.get(file);
    const parts = textOf(changed, file).split(from);
    if (!before || parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times ${JSON.stringify(from)}`);
    changed.set(file, { ...before, bytes: Buffer.from(parts.join(to)) });
  }
  return changed;
}

export function textOf(files: SiteFiles, file: string): string {
  return Buffer.from(files.get(file)?.bytes ?? '').toString();
}

/** @throws {Error} with what is wrong */
export function compiled(files: SiteFiles): CompiledSite {
  const { compiled: site, diagnostics } = compileSite(files);
  if (!site) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return site;
}

export const example = compiled(exampleFiles);

/** The example with some edits. */
export function exampleWith(...edits: readonly Edit[]): CompiledSite {
  return compiled(edited(exampleFiles, ...edits));
}

/** What a place points at: the rest of its line. */
export function textAt(files: SiteFiles, place: { file: string; line: number; column: number }): string {
  return (textOf(files, place.file).split('\n')[place.line - 1] ?? '').slice(place.column - 1);
}
