// What berth finds out about the head of a pull request: whether it is valid, and what it would change.
//
// The head is read as data, from the objects of the Git repository: nothing of it is run, nor checked out.
import type { Diagnostic } from '../../schema/diagnostic.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { assumeSettled } from '../plan/observed.ts';
import { originsOf } from '../plan/origin.ts';
import { type Plan, plan } from '../plan/plan.ts';
import { planHeadline, planText } from '../plan/show.ts';
import type { Compilation, CompiledSite } from '../source/accept.ts';
import type { Oid } from '../source/commit.ts';
import { fenced } from '../source/github/markdown.ts';
import type { Findings } from '../source/github/pull-request-text.ts';
import type { LocalRepository } from '../source/local.ts';
import { mergeBase } from '../source/merge-base.ts';
import { readTree } from '../source/tree.ts';
import { CliError } from './cli-error.ts';
import { compileFiles, placedIn, placeIn } from './site-folder.ts';

export interface HeadFindings {
  readonly findings: Findings;
  /** Null where the head or the base is not valid. */
  readonly plan: Plan | null;
  /** The text of a file at the head, by its path from the top of the repository. */
  readonly sourceOf: (file: string) => string | undefined;
}

/**
 * @param base where the pull request is to be merged into: the plan starts from the commit at which they part, as the
 *   changes that GitHub shows do
 * @throws {CliError} when the two have no history in common
 */
export async function findingsOf(repository: LocalRepository, base: Oid, head: Oid): Promise<HeadFindings> {
  const baseSha = await mergeBase(repository.objects, base, head);
  if (baseSha === null) throw new CliError(`${head} and ${base} have no commit in common`);
  const { folder } = repository;
  const after = await siteAt(repository, head);
  const sourceOf = (file: string): string | undefined => {
    const bytes = after.files?.get(folder === '' ? file : file.slice(folder.length + 1))?.bytes;
    return bytes && new TextDecoder().decode(bytes);
  };
  const diagnostics = after.diagnostics.map((diagnostic) => placedIn(diagnostic, folder));
  const commits = { headSha: head, baseSha };
  if (!after.compiled) return { findings: { ...commits, diagnostics, plan: null }, plan: null, sourceOf };

  const before = await siteAt(repository, baseSha);
  // A branch that brings the site repo has nothing to be compared with.
  if (!before.compiled && before.files?.size !== 0) {
    const noPlan = `the site repo is not valid at ${baseSha.slice(0, 12)}, from which the plan would start`;
    return { findings: { ...commits, diagnostics, plan: null, noPlan }, plan: null, sourceOf };
  }
  const made = planBetween(before.compiled, after.compiled, head, folder);
  const heading = `Plan for commit ${head.slice(0, 12)}, compared with ${baseSha.slice(0, 12)}`;
  const shown = {
    headline: planHeadline(made),
    markdown: fenced(planText(made, heading)),
    refused: made.refusals.length > 0,
  };
  const all = [...diagnostics, ...refusals(made)];
  return { findings: { ...commits, diagnostics: all, plan: shown }, plan: made, sourceOf };
}

/** What a commit has of the site; `files` is null where it holds what no site repo may hold. */
async function siteAt(
  repository: LocalRepository,
  commit: Oid,
): Promise<Compilation & { readonly files: SiteFiles | null }> {
  let files: SiteFiles | null = null;
  const reading = readTree(repository.objects, commit, repository.folder).then((read) => {
    files = read;
    return read;
  });
  return { ...(await compileFiles(reading)), files };
}

/** No etcd: the base is taken to be in force, every machine running what it says. */
function planBetween(before: CompiledSite | null, after: CompiledSite, commit: Oid, folder: string): Plan {
  const generation = 1;
  const origin = originsOf(after.site);
  return plan({
    base: before && { generation, blueprint: before.blueprint },
    target: { blueprint: after.blueprint, commit },
    observed: before
      ? assumeSettled(before.blueprint, generation)
      : { machines: new Map(), operations: new Map(), servers: new Map() },
    history: [],
    origin: (serial, field) => {
      const place = origin(serial, field);
      return place && placeIn(place, folder);
    },
    now: 0,
  });
}

/** What the plan refuses, at the lines where it can be mended; the plan itself says the rest. */
function refusals({ refusals }: Plan): readonly Diagnostic[] {
  return refusals.flatMap(({ rule, message, hint, place }) =>
    place === null ? [] : [{ rule, severity: 'error' as const, place, message, hint }],
  );
}
