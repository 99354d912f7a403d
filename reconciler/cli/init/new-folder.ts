// A folder with files that were not there before: all of it, or nothing.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SiteFile } from '../../../schema/load.ts';
import { CliError } from '../cli-error.ts';

/** @throws {CliError} when there is something in the folder, `.git` aside, or no folder can be there */
export function checkVacant(folder: string): void {
  const status = statSync(folder, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isDirectory()) throw new CliError(`${folder} is there already, and is no folder`);
  const [first, ...rest] = readdirSync(folder)
    .filter((name) => name !== '.git')
    .sort();
  if (first === undefined) return;
  const what = rest.length === 0 ? first : `${first} and ${rest.length} more`;
  throw new CliError(`${folder === '.' ? 'this folder' : folder} is not empty: it has ${what}; nothing was written`);
}

/**
 * Write files into a folder, which is made where it is missing, and then do something with it. When either fails,
 * whatever was made is removed again. None of it can be interrupted by a signal that has a listener.
 */
export function fillFolder(folder: string, files: ReadonlyMap<string, SiteFile>, then: () => void): void {
  const made: string[] = [];
  try {
    makeFolder(path.resolve(folder), made);
    for (const [file, { bytes, executable }] of files) {
      const target = path.resolve(folder, file);
      makeFolder(path.dirname(target), made);
      // Fails where there is a file by now.
      writeFileSync(target, bytes, { flag: 'wx' });
      made.push(target);
      if (executable) chmodSync(target, 0o755);
    }
    then();
  } catch (error) {
    removeAll(made);
    throw error;
  }
}

/** Notes the folders that were missing, outermost first. */
function makeFolder(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}

function removeAll(made: readonly string[]): void {
  for (const target of [...made].reverse()) {
    if (!statSync(target, { throwIfNoEntry: false })?.isDirectory()) rmSync(target, { force: true });
    else if (readdirSync(target).length === 0) rmdirSync(target);
  }
}

/** Whether the folder, or the one that it will be made in, belongs to a Git repository. False without git. */
export function isInRepository(folder: string): boolean {
  let existing = path.resolve(folder);
  while (!existsSync(existing)) existing = path.dirname(existing);
  try {
    return git(existing, 'rev-parse', '--is-inside-work-tree').trim() === 'true';
  } catch {
    return false;
  }
}

/**
 * Make a Git repository of the folder, everything in it ready to be committed.
 * @param keyFile of a public key with which commits in it are to be signed; null leaves that to the user's settings
 * @throws {CliError} with what git says; then the folder is no repository
 */
export function makeRepository(folder: string, keyFile: string | null): void {
  try {
    git(folder, 'init', '--quiet', '--initial-branch=main');
    if (keyFile !== null) {
      git(folder, 'config', 'gpg.format', 'ssh');
      git(folder, 'config', 'user.signingkey', keyFile);
      git(folder, 'config', 'commit.gpgsign', 'true');
    }
    git(folder, 'add', '--all');
  } catch (error) {
    rmSync(path.join(folder, '.git'), { recursive: true, force: true });
    throw error;
  }
}

function git(cwd: string, ...args: readonly string[]): string {
  try {
    return execFileSync('git', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT') throw new CliError('there is no git here; --no-git does without');
    throw new CliError(`git ${args[0]} failed: ${stderr?.trim() ?? String(error)}`);
  }
}
