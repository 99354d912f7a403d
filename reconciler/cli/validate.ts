// berth validate: every file, every rule, every machine rendered; with a base, what changes since then as well.
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { type Diagnostic, isError } from '../../schema/diagnostic.ts';
import type { Site, SiteFiles } from '../../schema/load.ts';
import { workflowCommands } from '../../schema/report/github.ts';
import { sarifLog } from '../../schema/report/sarif.ts';
import { summaryLine } from '../../schema/report/summary.ts';
import { textReport } from '../../schema/report/text.ts';
import { counted } from '../../schema/words.ts';
import type { Compilation, CompiledSite } from '../source/accept.ts';
import { siteLimits } from '../source/site-files.ts';
import { ruleTitles } from './rule-titles.ts';
import { checkFolder, compileFiles, placedIn, readSiteFolder } from './site-folder.ts';
import { colours, Progress } from './terminal.ts';

export interface ValidateOptions {
  readonly format: 'text' | 'json' | 'sarif' | 'github';
  /** A Git ref: what changes since then is checked as well. */
  readonly base?: string;
  /** Whether warnings count as errors do. */
  readonly strict?: boolean;
}

/** What is told, in whichever format. */
interface Verdict {
  readonly valid: boolean;
  readonly compiled: CompiledSite | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly strict: boolean;
}

export async function validate(folder: string, { format, base, strict = false }: ValidateOptions): Promise<number> {
  const progress = new Progress({ shown: format === 'text' });
  try {
    const { compiled, diagnostics } = await check(folder, base, progress);
    progress.end();
    const valid = compiled !== null && (!strict || diagnostics.length === 0);
    // What machines read is about the repository, what people read is to be opened from where they stand.
    const where = format === 'sarif' || format === 'github' ? folderInRepository(folder) : folder;
    const placed = diagnostics.map((diagnostic) => placedIn(diagnostic, where));
    tell[format]({ valid, compiled, diagnostics: placed, strict });
    return valid ? 0 : 1;
  } finally {
    progress.end();
  }
}

async function check(folder: string, base: string | undefined, progress: Progress): Promise<Compilation> {
  checkFolder(folder);
  const before = base === undefined ? null : await siteAt(folder, base, progress);
  progress.say('reading the site repo');
  const reading = readSiteFolder(folder).then((files) => {
    progress.say(`checking ${files.size} files`, secondsToCheck(files));
    return files;
  });
  return compileFiles(reading, before);
}

/** Bytes of documents that a slow machine checks in a second. */
const bytesPerSecond = 400_000;

function secondsToCheck(files: SiteFiles): number {
  let bytes = 0;
  for (const [file, { bytes: content }] of files) if (file.endsWith('.yaml')) bytes += content.length;
  return bytes / bytesPerSecond;
}

/** The site at a Git ref; null where there is none that could be compared with, and then it says so. */
async function siteAt(folder: string, ref: string, progress: Progress): Promise<Site | null> {
  progress.say(`reading the site repo at ${ref}`);
  const { site, reason } = await (await import('./validate-base.ts')).loadAt(folder, ref);
  if (reason !== null) {
    progress.end();
    process.stderr.write(`berth: ${reason}: what changes since then is not checked\n`);
  }
  return site;
}

const tell: Readonly<Record<ValidateOptions['format'], (verdict: Verdict) => void>> = {
  text: tellPeople,
  json: ({ valid, diagnostics }) => printJson({ valid, diagnostics }),
  sarif: ({ diagnostics }) => printJson(sarifLog(diagnostics, { version: packageFile.version, rules: ruleTitles() })),
  github: ({ diagnostics }) => void process.stdout.write(workflowCommands(diagnostics)),
};

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function tellPeople({ valid, compiled, diagnostics, strict }: Verdict): void {
  const palette = colours(process.stderr);
  const { red, yellow, bold } = palette;
  if (diagnostics.length > 0) {
    const mark = valid ? yellow : red;
    const refused = strict && !diagnostics.some(isError) ? ', and --strict takes none' : '';
    process.stderr.write(`${textReport(diagnostics, { sourceOf, palette })}\n`);
    process.stderr.write(`${bold(mark(`${summaryLine(diagnostics)}${refused}`))}\n`);
  }
  if (!valid || !compiled) return;
  const { green } = colours(process.stdout);
  const { site, racks } = compiled.blueprint;
  const machines = [...racks.values()].flatMap((rack) => Object.keys(rack.machines));
  const verdict = diagnostics.length === 0 ? 'every rule holds' : 'valid, with warnings';
  const size = `${counted(machines.length, 'machine')} in ${counted(racks.size, 'rack')}`;
  process.stdout.write(`${green(`${site.site}: ${size}, ${verdict}`)}\n`);
}

/** The text of a file of the site repo as it is on disk. What a symbolic link leads to is no part of it. */
function sourceOf(file: string): string | undefined {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (!status?.isFile() || status.size > siteLimits.fileBytes) return undefined;
  return readFileSync(file, 'utf8');
}

/** The folder from the top of the Git repository that it is in; as it was given where it is in none. */
function folderInRepository(folder: string): string {
  const site = path.resolve(folder);
  for (let top = site; ; top = path.dirname(top)) {
    if (existsSync(path.join(top, '.git'))) return path.relative(top, site).split(path.sep).join('/');
    if (top === path.dirname(top)) return folder;
  }
}
