// How a boot server reaches the site repo: the options that say so, read once and checked.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { remotesOf } from '../source/pull/pull-options.ts';
import { Repository } from '../source/repository.ts';
import { CliError } from './cli-error.ts';

export interface SiteRepoOptions {
  /** URLs and bundles, in the order in which they are asked. */
  readonly repo: readonly string[];
  readonly branch: string;
  /** File with a token for the Git host. */
  readonly repoTokenFile?: string;
  /** File with certificates, PEM. */
  readonly repoCa?: string;
  /** URL of an HTTP proxy. */
  readonly repoProxy?: string;
}

/**
 * The clone in a data folder, made when it is not there.
 * @throws {CliError} when a file of the options cannot be read; {@link RepositoryError} `bad-url`
 */
export async function openSiteRepo(options: SiteRepoOptions, data: string): Promise<Repository> {
  const { repo, branch, repoTokenFile, repoCa, repoProxy } = options;
  const token =
    repoTokenFile === undefined ? null : readFile(repoTokenFile, '--repo-token-file').toString('utf8').trim();
  if (token === '') throw new CliError(`--repo-token-file ${repoTokenFile} is empty`);
  const [first, ...mirrors] = remotesOf(repo, {
    ...(repoProxy === undefined ? {} : { proxy: repoProxy }),
    ...(repoCa === undefined ? {} : { ca: readFile(repoCa, '--repo-ca') }),
    ...(token === null ? {} : { credentials: { kind: 'basic', username: 'x-access-token', password: token } }),
  });
  if (!first) throw new CliError('which site repo? Give --repo');
  return Repository.open({ ...first, mirrors, folder: cloneFolder(data), branch });
}

/** Where a boot server keeps its clone of the site repo. */
export function cloneFolder(data: string): string {
  return path.join(data, 'site-repo');
}

function readFile(file: string, option: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    // The file's content stays out of the message: it may be a secret.
    throw new CliError(`${option} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'no file'}`);
  }
}
