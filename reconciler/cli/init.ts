// berth init: a site repo that validates, from a few answers. Nothing is written before all of it is known to be right.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Diagnostic } from '../../schema/diagnostic.ts';
import { isError } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { summaryLine } from '../../schema/report/summary.ts';
import { textReport } from '../../schema/report/text.ts';
import { counted } from '../../schema/words.ts';
import { compileSite } from '../source/accept.ts';
import { CliError } from './cli-error.ts';
import { askOn, Stopped } from './init/asker.ts';
import { checkVacant, fillFolder, isInRepository, makeRepository } from './init/new-folder.ts';
import type { NewSite } from './init/new-site.ts';
import { type Answers, answersFor, type SiteFlags } from './init/questions.ts';
import { standIns } from './init/readme.ts';
import { siteTree } from './init/site-tree.ts';
import { colours } from './terminal.ts';

export interface InitOptions extends SiteFlags {
  /** Ask nothing. */
  readonly yes?: boolean;
  /** False: make no Git repository. */
  readonly git?: boolean;
}

/** How a program exits that Ctrl-C ended: 128 and the signal's number. */
const interrupted = 130;

export async function init(folder: string, options: InitOptions): Promise<number> {
  checkVacant(folder);
  const answers = await answersOrNull(folder, options);
  if (!answers) return interrupted;
  const { site, keyFile } = answers;
  const files = siteTree(site);
  const found = findingsIn(files);
  if (found.some(isError)) {
    process.stderr.write('\nberth: these answers make no valid site; nothing was written\n');
    return 1;
  }

  const needsRepository = (options.git ?? true) && !existsSync(path.join(folder, '.git')) && !isInRepository(folder);
  withoutInterruption(() => {
    fillFolder(folder, files, () => {
      if (needsRepository) makeRepository(folder, keyFile);
    });
  });
  const verdict = found.length === 0 ? 'every rule holds' : summaryLine(found);
  process.stdout.write(summary(folder, answers, files.size, needsRepository, verdict));
  return 0;
}

/** Null when whoever was asked did not want to go on. */
async function answersOrNull(folder: string, { yes = false, ...flags }: InitOptions): Promise<Answers | null> {
  const isAttended = process.stdin.isTTY === true && process.stderr.isTTY === true;
  if (!yes && !isAttended) {
    throw new CliError('there is no terminal to ask on: give --yes to take defaults for what no option says');
  }
  const asker = yes ? null : askOn(process.stdin, process.stderr, colours(process.stderr));
  try {
    return await answersFor(folder, flags, asker);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    process.stderr.write('berth: stopped; nothing was written\n');
    return null;
  } finally {
    asker?.close();
  }
}

/** What is wrong with the site, which is printed, too: it comes from answers that do not go together. */
function findingsIn(files: SiteFiles): readonly Diagnostic[] {
  const documents = new Map([...files].filter(([file]) => !file.startsWith('.')));
  const { diagnostics } = compileSite(documents);
  if (diagnostics.length > 0) printFindings(diagnostics, documents);
  return diagnostics;
}

function printFindings(diagnostics: readonly Diagnostic[], files: SiteFiles): void {
  const sourceOf = (file: string): string | undefined => {
    const bytes = files.get(file)?.bytes;
    return bytes && new TextDecoder().decode(bytes);
  };
  process.stderr.write(textReport(diagnostics, { sourceOf, palette: colours(process.stderr) }));
}

/** Signals wait until synchronous work is done. */
function withoutInterruption(work: () => void): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const ignore = (): void => {};
  for (const signal of signals) process.on(signal, ignore);
  try {
    work();
  } finally {
    for (const signal of signals) process.off(signal, ignore);
  }
}

function summary(
  folder: string,
  { site, keyFile }: Answers,
  files: number,
  isRepository: boolean,
  verdict: string,
): string {
  const { bold, green, yellow } = colours(process.stdout);
  const where = folder === '.' ? 'this folder' : folder;
  const signs = isRepository && keyFile !== null ? `; git signs commits in it with ${keyFile}` : '';
  return [
    green(`${where} is the site ${site.site}: ${sizeOf(site)}; ${verdict}`),
    `${files} files written${signs}`,
    '',
    bold('Not real yet:'),
    ...standIns(site).map((line) => `  ${yellow(line.slice(0, line.indexOf(':')))}${line.slice(line.indexOf(':'))}`),
    '',
    bold('Next:'),
    ...nextCommands(folder, site, keyFile, isRepository).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function sizeOf({ racks, machines, addresses }: NewSite): string {
  const { first, last } = addresses.node.machineSlots;
  const declared = counted(machines.length, 'machine');
  const room = `with room for ${last - first + 1} machines`;
  return `${racks === 1 ? `1 rack ${room}` : `${racks} racks ${room} each`}, ${declared} declared`;
}

function nextCommands(
  folder: string,
  { signer }: NewSite,
  keyFile: string | null,
  isRepository: boolean,
): readonly string[] {
  const isHere = folder === '.';
  const where = isHere ? '' : ` ${shellWord(folder)}`;
  const git = isHere ? 'git' : `git -C${where}`;
  const begin = isInRepository(folder) ? '' : `${git} init -b main && `;
  const sign = signer.key !== null && !(isRepository && keyFile !== null) ? ' -S' : '';
  // Boot servers pull whole repositories, and a key that is nobody's signs nothing.
  const isOwn = isRepository || existsSync(path.join(folder, '.git')) || !isInRepository(folder);
  const introduce = `npx berth trust introduce${where} # after the commit; git config keeps what it prints`;
  return [
    `${isRepository ? '' : `${begin}${git} add --all . && `}${git} commit${sign} -m 'Declare the site'`,
    `npx berth validate${where}`,
    `npx berth plan --base HEAD${where}`,
    ...(isOwn && signer.key !== null ? [introduce] : []),
  ];
}

function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
