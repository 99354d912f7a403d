// Tells a pull request what was found out about it: by a check run with notes at lines, and by a comment with the plan.
//
// That GitHub could not be told never changes the verdict. What it would have been told goes to the log then.
import { workflowCommands, workflowNote } from '../../../schema/report/github.ts';
import type { GitHub } from './api.ts';
import { type CheckRun, postCheckRun } from './check-run.ts';
import { type Comment, keepComment } from './comment.ts';
import {
  commentText,
  cutNote,
  detailText,
  type Findings,
  summaryText,
  titleOf,
  verdictOf,
  type WorkflowRun,
} from './pull-request-text.ts';
import type { RepositoryName } from './repository-name.ts';
import { type Trouble, troubleOf } from './trouble.ts';

export interface PullRequest {
  readonly repository: RepositoryName;
  readonly number: number;
  /** Whether its branch is in another repository: Actions gives it a token that may only read. */
  readonly fork: boolean;
}

export interface PullRequestReport {
  readonly pullRequest: PullRequest;
  /** Of the check run and of the comment. */
  readonly name: string;
  readonly findings: Findings;
  /** The text of a file at the head. */
  readonly sourceOf: (file: string) => string | undefined;
  /** Null outside of Actions. */
  readonly run: WorkflowRun | null;
}

/** What GitHub has, or why it has it not. */
export type Posted<T> =
  | { readonly posted: true; readonly value: T }
  | { readonly posted: false; readonly trouble: Trouble };

export interface Publication {
  readonly checkRun: Posted<CheckRun>;
  readonly comment: Posted<Comment>;
}

/** Post both; one is posted where the other cannot be. Never rejects. The client is closed at the end. */
export async function publishPullRequest(
  connect: () => Promise<GitHub>,
  report: PullRequestReport,
): Promise<Publication> {
  let github: GitHub;
  try {
    github = await connect();
  } catch (error) {
    // A proxy or an API whose URL is none.
    const nothing = { posted: false, trouble: troubleOf(error, Date.now()) } as const;
    return { checkRun: nothing, comment: nothing };
  }
  try {
    return await publish(github, report);
  } finally {
    await github.close();
  }
}

async function publish(github: GitHub, report: PullRequestReport): Promise<Publication> {
  const { pullRequest, name, findings, sourceOf, run } = report;
  const { repository, number } = pullRequest;
  const checkRun = await posted(() =>
    postCheckRun(github, {
      repository,
      headSha: findings.headSha,
      name,
      conclusion: verdictOf(findings),
      title: titleOf(findings),
      summary: summaryText(findings),
      text: detailText(findings, sourceOf),
      diagnostics: findings.diagnostics,
      ...(run ? { detailsUrl: run.url } : {}),
    }),
  );
  const markdown = commentText(findings, run);
  const comment = await posted(() =>
    keepComment(github, { repository, number, name, markdown, cutNote: cutNote(run) }),
  );
  return { checkRun, comment };
}

async function posted<T>(post: () => Promise<T>): Promise<Posted<T>> {
  try {
    return { posted: true, value: await post() };
  } catch (error) {
    return { posted: false, trouble: troubleOf(error, Date.now()) };
  }
}

/** What goes to the log of the job. */
export interface PublicationLog {
  /** What was posted and what was not, and why. */
  readonly text: string;
  /**
   * Commands to the runner that show what is about no file, which a check run cannot, and where there is no check run
   * the findings at their lines.
   */
  readonly commands: string;
}

/** @param sarifFile where the findings are as well */
export function publicationLog(
  { checkRun, comment }: Publication,
  { findings, pullRequest }: PullRequestReport,
  sarifFile: string,
): PublicationLog {
  const lines = [
    checkRun.posted
      ? `check run: ${checkRun.value.url ?? checkRun.value.id}`
      : notPosted('check run', checkRun.trouble),
    comment.posted ? `comment ${comment.value.outcome}: ${comment.value.url}` : notPosted('comment', comment.trouble),
  ];
  if (!checkRun.posted || !comment.posted) {
    const readOnly = [checkRun, comment].some((one) => !one.posted && one.trouble.kind === 'not-permitted');
    if (readOnly) lines.push(pullRequest.fork ? forkHint : permissionHint);
    lines.push(`The findings are in this log and in ${sarifFile}. The verdict stands: ${verdictOf(findings)}.`);
  }
  const notes = findings.signatures.notes.map(({ level, title, text }) => workflowNote(level, title, text)).join('');
  const commands = checkRun.posted ? notes : notes + workflowCommands(findings.diagnostics);
  return { text: `${lines.join('\n')}\n`, commands };
}

const forkHint = "This is a fork's pull request: its token may read and not write, which is as it should be.";
const permissionHint = 'The token needs the permissions checks: write and pull-requests: write.';

function notPosted(what: string, { kind, message }: Trouble): string {
  return `The ${what} could not be posted, ${kind}: ${message.replace(/\s+/g, ' ')}`;
}
