// Every file of a new site repo, by path.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { kindOfFile } from '../../../schema/document-kinds.ts';
import type { SiteFile } from '../../../schema/load.ts';
import { CliError } from '../cli-error.ts';
import { withModeline } from '../schema-editor.ts';
import { editorFiles } from '../schema-write.ts';
import { documentsOf } from './documents.ts';
import { ignitionFolder, sharedFiles } from './ignition-folder.ts';
import type { NewSite } from './new-site.ts';
import { ignoredFiles, readme } from './readme.ts';

/** @throws {CliError} where the example site is not found, from which some are copied */
export function siteTree(site: NewSite): ReadonlyMap<string, SiteFile> {
  const texts = new Map([
    ['README.md', readme(site)],
    ['.gitignore', ignoredFiles],
    ...editorFiles(),
    ...documentsOf(site),
    ...ignitionFolder(),
  ]);
  const example = exampleFolder();
  for (const [file, source] of sharedFiles) texts.set(file, readFileSync(path.join(example, source), 'utf8'));
  return new Map([...texts].map(([file, text]) => [file, siteFile(file, text)]));
}

function siteFile(file: string, text: string): SiteFile {
  const kind = kindOfFile(file);
  const bytes = Buffer.from(kind ? withModeline(text, file, kind) : text);
  return { bytes, executable: text.startsWith('#!') };
}

/** The example site in the checkout of berth that this code is part of, built or not. */
function exampleFolder(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const example = path.join(folder, 'examples', 'site-repo');
    if (existsSync(path.join(example, 'site.yaml'))) return example;
    if (folder === path.dirname(folder))
      throw new CliError('examples/site-repo is not there, where berth is installed');
  }
}
