// berth plan --base: between two Git refs, or a ref and the files on disk, with no etcd at all.
import { assumeSettled, type Observed } from '../plan/observed.ts';
import { plan } from '../plan/plan.ts';
import type { Compilation } from '../source/accept.ts';
import type { Oid } from '../source/commit.ts';
import { type LocalRepository, openLocal } from '../source/local.ts';
import { readTree } from '../source/tree.ts';
import { CliError } from './cli-error.ts';
import { filesOnDisk, type Made, originIn, type Wanted } from './plan-wanted.ts';
import { compileFiles, orPrint } from './site-folder.ts';

const nothingObserved: Observed = { machines: new Map(), operations: new Map(), servers: new Map() };

/**
 * The base is taken to be in force, every machine running what it says.
 * @param head null for the files on disk
 * @returns null after findings were printed
 */
export async function planBetween(folder: string, base: string, head: string | undefined): Promise<Made | null> {
  const repository = await openLocal(folder);
  const wanted = head === undefined ? await filesOnDisk(folder) : await filesAt(repository, head);
  if (!wanted) return null;
  const commit = await repository.resolve(base);
  const compilation = await compileAt(repository, commit);
  const before = compilation && orPrint(compilation, refPath(base, repository));
  if (compilation && !before) return null;
  // A branch that brings the site repo has nothing to be compared with.
  const compared = `${titleOf(base, commit)}${compilation ? '' : ', which has no site repo'}`;
  const generation = 1;
  return {
    heading: `Plan for ${wanted.title}, compared with ${compared}`,
    plan: plan({
      base: before && { generation, blueprint: before.blueprint },
      target: { blueprint: wanted.compiled.blueprint, commit: wanted.commit },
      observed: before ? assumeSettled(before.blueprint, generation) : nothingObserved,
      history: [],
      origin: originIn(wanted),
      now: 0,
    }),
  };
}

async function filesAt(repository: LocalRepository, ref: string): Promise<Wanted | null> {
  const commit = await repository.resolve(ref);
  const where = refPath(ref, repository);
  const compilation = await compileAt(repository, commit);
  if (!compilation) throw new CliError(`${where} is no site repo: it has no site.yaml`);
  const compiled = orPrint(compilation, where);
  return compiled && { compiled, commit, where, title: titleOf(ref, commit) };
}

/** Null where the commit has no site repo. */
async function compileAt(repository: LocalRepository, commit: Oid): Promise<Compilation | null> {
  let isThere = true;
  const reading = readTree(repository.objects, commit, repository.folder).then((files) => {
    isThere = files.has('site.yaml');
    return files;
  });
  const compilation = await compileFiles(reading);
  return isThere ? compilation : null;
}

/** As `git show` takes it. */
function refPath(ref: string, { folder }: LocalRepository): string {
  return `${ref}:${folder}`;
}

function titleOf(ref: string, commit: Oid): string {
  return `${ref} (${commit.slice(0, 12)})`;
}
