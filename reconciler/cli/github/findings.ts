// What berth finds out about the head of a pull request: whether it is valid, who has signed it, and what it would change.
//
// The head is read as data, from the objects of the Git repository: nothing of it is run, nor checked out.
import type { Diagnostic } from '../../../schema/diagnostic.ts';
import { checkTransitions } from '../../../schema/rules/rules.ts';
import type { Plan } from '../../plan/plan.ts';
import { previewMarkdown } from '../../plan/show/markdown.ts';
import { previewBetween } from '../../plan/show/offline.ts';
import { planHeadline } from '../../plan/show/plan.ts';
import type { Preview } from '../../plan/show/preview.ts';
import type { Oid } from '../../source/commit.ts';
import type { Findings } from '../../source/github/pull-request-text.ts';
import type { LocalRepository } from '../../source/local.ts';
import { mergeBase } from '../../source/merge-base.ts';
import { CliError } from '../cli-error.ts';
import { compileAt, originIn } from '../plan-wanted.ts';
import { placedIn } from '../site-folder.ts';
import { judgeSignatures, type Signatures } from './signatures.ts';
import { signatureReport } from './signatures-text.ts';

export interface HeadFindings {
  readonly findings: Findings;
  readonly signatures: Signatures;
  /** Null where the head or the base is not valid. */
  readonly made: { readonly preview: Preview; readonly heading: string } | null;
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
  const after = await compileAt(repository, head);
  const sourceOf = (file: string): string | undefined => {
    const bytes = after.files?.get(folder === '' ? file : file.slice(folder.length + 1))?.bytes;
    return bytes && new TextDecoder().decode(bytes);
  };
  const diagnostics = after.diagnostics.map((diagnostic) => placedIn(diagnostic, folder));
  const signatures = await judgeSignatures(repository, { base, from: baseSha, head });
  const always = { headSha: head, baseSha, signatures: signatureReport(signatures) };
  if (!after.compiled) return { findings: { ...always, diagnostics, plan: null }, signatures, made: null, sourceOf };

  const before = await compileAt(repository, baseSha);
  // A branch that brings the site repo has nothing to be compared with.
  if (!before.compiled && before.files?.size !== 0) {
    const noPlan = `the site repo is not valid at ${baseSha.slice(0, 12)}, from which the plan would start`;
    return { findings: { ...always, diagnostics, plan: null, noPlan }, signatures, made: null, sourceOf };
  }
  const { site, blueprint } = after.compiled;
  const transitions = before.compiled ? checkTransitions(before.compiled.site, site) : [];
  const preview = previewBetween(
    before.compiled?.blueprint ?? null,
    { blueprint, commit: head },
    originIn({ compiled: after.compiled, where: folder }),
  );
  const heading = `Plan for commit ${head.slice(0, 12)}, compared with ${baseSha.slice(0, 12)}`;
  const shown = {
    headline: planHeadline(preview.plan),
    markdown: previewMarkdown(preview, { heading, whereAll: 'the artifact has them' }),
    refused: preview.plan.refusals.length > 0,
  };
  const all = [
    ...diagnostics,
    ...transitions.map((diagnostic) => placedIn(diagnostic, folder)),
    ...refusals(preview.plan),
  ];
  const findings = { ...always, diagnostics: all, plan: shown };
  return { findings, signatures, made: { preview, heading }, sourceOf };
}

/** What the plan refuses, at the lines where it can be mended; the plan itself says the rest. */
function refusals({ refusals }: Plan): readonly Diagnostic[] {
  return refusals.flatMap(({ rule, message, hint, place }) =>
    place === null ? [] : [{ rule, severity: 'error' as const, place, message, hint }],
  );
}
