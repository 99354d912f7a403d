// A check run: the verdict on a commit, with a note at each line that it is about.
import { digestOf } from '../../../schema/canonical.ts';
import type { Diagnostic } from '../../../schema/diagnostic.ts';
import { type Annotation, annotationOf } from './annotation.ts';
import { type GitHub, once } from './api.ts';
import { cutBytes, cutMarkdown } from './markdown.ts';
import type { RepositoryName } from './repository-name.ts';

export interface CheckRunReport {
  readonly repository: RepositoryName;
  readonly headSha: string;
  /** What it is called among the checks; branch protection asks for it by this name. */
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'action_required';
  /** One line. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  /** Markdown; what does not fit is cut, with a note. */
  readonly text: string;
  /** Findings at lines of files, which are relative to the top of the repository. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where there is more to read. */
  readonly detailsUrl?: string;
}

/** A check run as GitHub has it. */
export interface CheckRun {
  readonly id: number;
  readonly url: string | null;
}

/** GitHub counts bytes here, though it says characters. */
export const maxOutputBytes = 65_535;
const maxTitleBytes = 255;
/** Begins what we give GitHub to keep with a run; jobs of Actions, which may go by the same name, have other ids. */
const idPrefix = 'berth:';
/** In one request. */
export const annotationBatch = 50;
/** In all: beyond that nobody reads them, and each batch takes a second. */
export const maxAnnotations = 1000;

/**
 * Post it. The same report on the same commit is posted once, however often this is called; what was begun and not
 * finished is gone on with.
 * @throws what `troubleOf` sorts
 */
export async function postCheckRun(github: GitHub, report: CheckRunReport): Promise<CheckRun> {
  const annotations = shownOf(report.diagnostics).map(annotationOf);
  // Another run of the workflow that finds the same has nothing new to say.
  const { detailsUrl: _, ...said } = report;
  const externalId = `${idPrefix}${digestOf(said)}`;
  const content: Content = { report, annotations, externalId, output: outputOf(report) };
  return github.persist(() => postOrGoOn(github, content));
}

interface Content {
  readonly report: CheckRunReport;
  readonly annotations: readonly Annotation[];
  /** Tells our run, with just this content, from others of the same name. */
  readonly externalId: string;
  readonly output: { readonly title: string; readonly summary: string; readonly text?: string };
}

async function postOrGoOn(github: GitHub, content: Content): Promise<CheckRun> {
  const { report, annotations } = content;
  let { run, sent } = (await find(github, content)) ?? (await create(github, content));
  while (run.status !== 'completed') {
    const batch = annotations.slice(sent, sent + annotationBatch);
    const last = sent + batch.length >= annotations.length;
    const { data } = await github.api.checks.update({
      ...report.repository,
      check_run_id: run.id,
      ...(last ? completed(report) : { status: 'in_progress' }),
      output: { ...content.output, annotations: [...batch] },
      ...once,
    });
    run = last ? { ...data, status: 'completed' } : data;
    sent += batch.length;
  }
  return { id: run.id, url: run.html_url };
}

/** A check run that is being written, and how many annotations it has. */
interface Begun {
  readonly run: { readonly id: number; readonly html_url: string | null; readonly status: string };
  readonly sent: number;
}

/** The newest of ours, if it says just what is to be said: an older one is not what people see. */
async function find(github: GitHub, { report, externalId }: Content): Promise<Begun | null> {
  const { repository, headSha: ref, name: check_name } = report;
  const { data } = await github.api.checks.listForRef({ ...repository, ref, check_name, per_page: 100 });
  const [newest] = data.check_runs
    .filter(({ external_id }) => external_id?.startsWith(idPrefix))
    .sort((a, b) => b.id - a.id);
  return newest?.external_id === externalId ? { run: newest, sent: newest.output.annotations_count } : null;
}

async function create(github: GitHub, content: Content): Promise<Begun> {
  const { report, annotations, externalId, output } = content;
  const batch = annotations.slice(0, annotationBatch);
  const { data } = await github.api.checks.create({
    ...report.repository,
    name: report.name,
    head_sha: report.headSha,
    external_id: externalId,
    ...(report.detailsUrl === undefined ? {} : { details_url: report.detailsUrl }),
    ...(batch.length === annotations.length ? completed(report) : { status: 'in_progress' }),
    output: { ...output, annotations: [...batch] },
    ...once,
  });
  return { run: data, sent: batch.length };
}

function completed({ conclusion }: CheckRunReport) {
  return { status: 'completed', conclusion } as const;
}

/** Errors first where not all are shown. */
function shownOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length <= maxAnnotations) return diagnostics;
  const bySeverity = (severity: Diagnostic['severity']) => diagnostics.filter((one) => one.severity === severity);
  return [...bySeverity('error'), ...bySeverity('warning')].slice(0, maxAnnotations);
}

function outputOf({ title, summary, text, diagnostics, detailsUrl }: CheckRunReport): Content['output'] {
  const rest = detailsUrl === undefined ? 'the artifact of the workflow run' : `[the workflow run](${detailsUrl})`;
  const note = `*Cut here: GitHub takes no more. All of it is in ${rest}.*`;
  const unmarked = diagnostics.length - maxAnnotations;
  const marked =
    unmarked > 0 ? `\n\n${maxAnnotations} findings are marked in the files, ${unmarked} more are not.` : '';
  return {
    title: cutBytes(title, maxTitleBytes),
    summary: cutMarkdown(`${summary}${marked}`, maxOutputBytes, note),
    ...(text === '' ? {} : { text: cutMarkdown(text, maxOutputBytes, note) }),
  };
}
