// The sites that `berth plan` and `berth diff` are about: of a folder or a Git ref, and where their files are found.
import type { Diagnostic } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { type Origin, originsOf } from '../plan/origin.ts';
import type { Preview } from '../plan/show/preview.ts';
import type { Compilation, CompiledSite } from '../source/accept.ts';
import type { Oid } from '../source/commit.ts';
import type { LocalRepository } from '../source/local.ts';
import { readTree } from '../source/tree.ts';
import { CliError } from './cli-error.ts';
import { compileFiles, placeIn, printDiagnostics, readSiteFolder } from './site-folder.ts';

export interface Wanted {
  readonly compiled: CompiledSite;
  readonly commit: string;
  /** As `placeIn` takes it. */
  readonly where: string;
  /** What it is called in the plan's heading. */
  readonly title: string;
}

/** A plan as it is shown, and what it is a plan of. */
export interface Made {
  readonly preview: Preview;
  readonly heading: string;
  /** What may not become of the base. */
  readonly transitions: readonly Diagnostic[];
}

/** Files that make no site; the message is all of what was found. */
export class InvalidSite extends Error {
  readonly code = 'INVALID_SITE';
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    readonly where: string,
  ) {
    super(`${where}: ${diagnostics.length} findings`);
    this.name = 'InvalidSite';
  }

  /** To stderr. */
  print(): void {
    printDiagnostics(this.diagnostics, this.where);
  }
}

/** Stands for a commit where the files on disk are planned. */
const workingTree = '0'.repeat(40);

/** The files on disk. @throws {InvalidSite} */
export async function filesOnDisk(folder: string): Promise<Wanted> {
  const compiled = validIn(await compileFiles(readSiteFolder(folder)), folder);
  const title = folder === '.' ? 'the files in this folder' : `the files in ${folder}`;
  return { compiled, commit: workingTree, where: folder, title };
}

/** The files at a Git ref. @throws {InvalidSite} {@link CliError} when it has no site repo */
export async function filesAt(repository: LocalRepository, ref: string): Promise<Wanted> {
  const found = await filesAtIfAny(repository, ref);
  if (found.compiled) return { ...found, compiled: found.compiled };
  throw new CliError(`${found.where} is no site repo: it has no site.yaml`);
}

/** The same, `compiled` being null where the commit has no site repo. @throws {InvalidSite} */
export async function filesAtIfAny(
  repository: LocalRepository,
  ref: string,
): Promise<Omit<Wanted, 'compiled'> & { readonly compiled: CompiledSite | null }> {
  const commit = await repository.resolve(ref);
  // As `git show` takes it.
  const where = `${ref}:${repository.folder}`;
  const { files, ...compilation } = await compileAt(repository, commit);
  const isThere = files === null || files.has('site.yaml');
  const compiled = isThere ? validIn(compilation, where) : null;
  return { compiled, commit, where, title: `${ref} (${commit.slice(0, 12)})` };
}

/** What a commit has of the site; `files` is null where it holds what no site repo may hold. */
export async function compileAt(
  { objects, folder }: LocalRepository,
  commit: Oid,
): Promise<Compilation & { readonly files: SiteFiles | null }> {
  let files: SiteFiles | null = null;
  const reading = readTree(objects, commit, folder).then((read) => {
    files = read;
    return read;
  });
  return { ...(await compileFiles(reading)), files };
}

function validIn({ compiled, diagnostics }: Compilation, where: string): CompiledSite {
  if (compiled) return compiled;
  throw new InvalidSite(diagnostics, where);
}

/** Reasons with places that can be opened from where the user stands. */
export function originIn({ compiled, where }: Pick<Wanted, 'compiled' | 'where'>): Origin {
  const origin = originsOf(compiled.site);
  return (serial, field) => {
    const place = origin(serial, field);
    return place && placeIn(place, where);
  };
}
