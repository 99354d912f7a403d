// The runner of GitHub Actions around us: what it says about the pull request, and what it takes from us.
import { randomBytes } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { cutMarkdown } from './markdown.ts';
import type { PullRequest } from './pull-request.ts';
import { parseRepositoryName } from './repository-name.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The pull request that an event is about, and its commits. */
export interface PullRequestEvent extends PullRequest {
  readonly headSha: string;
  /** Head of the branch that it is to be merged into, as it was at the event. */
  readonly baseSha: string;
}

/** Just what is read of it. Anyone may have written its texts, so none of them are. */
interface EventFile {
  readonly pull_request?: {
    readonly number?: unknown;
    readonly head?: { readonly sha?: unknown; readonly repo?: { readonly full_name?: unknown } | null };
    readonly base?: { readonly sha?: unknown; readonly repo?: { readonly full_name?: unknown } };
  };
}

/** @returns null outside of Actions, and for events that are about no pull request */
export async function pullRequestEvent(environment: Environment): Promise<PullRequestEvent | null> {
  const { GITHUB_EVENT_PATH } = environment;
  if (GITHUB_EVENT_PATH === undefined) return null;
  const { pull_request: event } = JSON.parse(await readFile(GITHUB_EVENT_PATH, 'utf8')) as EventFile;
  const { number, head, base } = event ?? {};
  const repository = parseRepositoryName(String(base?.repo?.full_name));
  const headSha = String(head?.sha);
  const baseSha = String(base?.sha);
  if (repository === null || typeof number !== 'number' || !isCommitId(headSha) || !isCommitId(baseSha)) return null;
  // The repository of a fork may be gone by now.
  const fork = head?.repo?.full_name !== base?.repo?.full_name;
  return { repository, number, fork, headSha, baseSha };
}

function isCommitId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** The page of this run of the workflow; null outside of Actions. */
export function runUrl({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: Environment): string | null {
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return null;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/** GitHub takes 1 MiB of a step. */
const maxSummaryBytes = 1_000_000;

/** Show some Markdown on the page of the run. Nothing happens outside of Actions. */
export async function writeSummary(environment: Environment, markdown: string, cutNote: string): Promise<void> {
  const { GITHUB_STEP_SUMMARY } = environment;
  if (!GITHUB_STEP_SUMMARY) return;
  await appendFile(GITHUB_STEP_SUMMARY, `${cutMarkdown(markdown, maxSummaryBytes, cutNote)}\n`);
}

/** Set outputs of the step. Nothing happens outside of Actions. */
export async function setOutputs(environment: Environment, outputs: Readonly<Record<string, string>>): Promise<void> {
  const { GITHUB_OUTPUT } = environment;
  if (!GITHUB_OUTPUT) return;
  // No value can hold the line that ends it, since nobody can guess that.
  const end = randomBytes(16).toString('hex');
  const entries = Object.entries(outputs).map(([name, value]) => `${name}<<${end}\n${value}\n${end}\n`);
  await appendFile(GITHUB_OUTPUT, entries.join(''));
}

/**
 * Text for the log in which the runner finds no commands, whatever it quotes from the pull request.
 * @param text lines, the last one ended
 */
export function asLog(environment: Environment, text: string): string {
  if (environment.GITHUB_ACTIONS !== 'true') return text;
  const token = randomBytes(16).toString('hex');
  return `::stop-commands::${token}\n${text}::${token}::\n`;
}
