// What tests of the pull share: a Git host with repositories on it, and clones of them.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GitObjectError } from '../../../../reconciler/source/objects.ts';
import { Repository, type RepositoryOptions } from '../../../../reconciler/source/repository.ts';
import { RepositoryError } from '../../../../reconciler/source/repository-error.ts';
import { type GitHost, serveGit } from '../../../../vdc/git-host.ts';
import { GitFixture, type TestRepository } from '../../../git.ts';
import { GitFronts } from './git-fronts.ts';

// A proxy that the machine may have is not for us.
for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
  delete process.env[name];
  delete process.env[name.toUpperCase()];
}

export const never: AbortSignal = new AbortController().signal;

export class PullLab {
  readonly fronts = new GitFronts();
  private readonly opened: Repository[] = [];
  private made = 0;

  private constructor(
    readonly fixture: GitFixture,
    readonly host: GitHost,
  ) {}

  static async start(): Promise<PullLab> {
    const fixture = new GitFixture();
    return new PullLab(fixture, await serveGit({ root: fixture.root, host: '127.0.0.1', port: 0 }));
  }

  /** A repository on the host with one commit, and its path there. */
  remote(): { readonly repository: TestRepository; readonly path: string } {
    this.made += 1;
    const repository = this.fixture.repository(`site${this.made}`);
    repository.write('site.yaml', 'id: one\n');
    repository.write('racks/r0.yaml', 'number: 0\n');
    repository.commit('first');
    repository.push();
    return { repository, path: `/site${this.made}.git` };
  }

  /** A new folder. */
  folder(): string {
    this.made += 1;
    const folder = join(this.fixture.root, `folder${this.made}`);
    mkdirSync(folder);
    return folder;
  }

  /** A clone that is in a folder of its own unless one is named. */
  async open(options: Partial<RepositoryOptions> & { readonly url: string }): Promise<Repository> {
    const clone = await Repository.open({ folder: options.folder ?? this.folder(), branch: 'main', ...options });
    this.opened.push(clone);
    return clone;
  }

  async stop(): Promise<void> {
    for (const clone of this.opened) clone.close();
    this.fronts.close();
    await this.host.close();
    this.fixture.remove();
  }
}

/** The code of what is thrown. */
export async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RepositoryError || error instanceof GitObjectError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

/** All files in a folder and below. */
export function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).sort();
}
