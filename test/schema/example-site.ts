// The example site as files, and copies of it with changes.
import { fileURLToPath } from 'node:url';
import { readFolder } from '../../reconciler/source/folder.ts';
import { formatDiagnostic, isError } from '../../schema/diagnostic.ts';
import { loadSite, type Site, type SiteFile, type SiteFiles } from '../../schema/load.ts';
import { checkRules } from '../../schema/rules/rules.ts';

export const example: SiteFiles = await readFolder(fileURLToPath(new URL('../../examples/site-repo', import.meta.url)));

/**
 * One change of a file: the first occurrence of a text becomes another. With an empty text to look for, the file is
 * made anew; with null instead of the other text, the file is removed.
 */
export type Change = readonly [file: string, from: string, to: string | Uint8Array | null];

/** @throws {Error} when a text that is to be changed is not there, or not there once */
export function changed(files: SiteFiles, ...changes: readonly Change[]): SiteFiles {
  const result = new Map(files);
  for (const [file, from, to] of changes) {
    if (to === null) {
      if (!result.delete(file)) throw new Error(`there is no ${file}`);
    } else if (from === '') result.set(file, fileOf(to, result.get(file)?.executable));
    else {
      const parts = textOf(result, file).split(from);
      if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times ${JSON.stringify(from)}`);
      result.set(file, fileOf(parts.join(String(to)), result.get(file)?.executable));
    }
  }
  return result;
}

export function textOf(files: SiteFiles, file: string): string {
  const found = files.get(file);
  if (!found) throw new Error(`there is no ${file}`);
  return Buffer.from(found.bytes).toString();
}

export function fileOf(content: string | Uint8Array, executable = false): SiteFile {
  return { bytes: typeof content === 'string' ? Buffer.from(content) : content, executable };
}

/** @throws {Error} when the files are no site that keeps all rules */
export function siteOf(files: SiteFiles): Site {
  const { site, diagnostics } = loadSite(files);
  const [first] = (site ? checkRules(site) : diagnostics).filter(isError);
  if (!site || first) throw new Error(first ? formatDiagnostic(first) : 'the site does not load');
  return site;
}
