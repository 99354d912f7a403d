// berth github pull-request: judges the head of a pull request, and tells GitHub. action.yml runs it.
//
// Exit code 0 when the head is valid, its plan is not refused, and neither are its commits, else 1, whether or not GitHub could be told: the
// output `posted` says that.
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { sarifLog } from '../../schema/report/sarif.ts';
import { textReport } from '../../schema/report/text.ts';
import { rules } from '../../schema/rules/rules.ts';
import { previewJson } from '../plan/show/json.ts';
import { previewMarkdown } from '../plan/show/markdown.ts';
import { previewText } from '../plan/show/text.ts';
import {
  asLog,
  type Environment,
  type PullRequestEvent,
  pullRequestEvent,
  runUrl,
  setOutputs,
  writeSummary,
} from '../source/github/actions.ts';
import type { GitHub } from '../source/github/api.ts';
import type { GitHubOptions } from '../source/github/client.ts';
import {
  type Publication,
  type PullRequestReport,
  publicationLog,
  publishPullRequest,
} from '../source/github/pull-request.ts';
import { commentText, cutNote, titleOf, verdictOf } from '../source/github/pull-request-text.ts';
import { parseRepositoryName } from '../source/github/repository-name.ts';
import { openLocal } from '../source/local.ts';
import { CliError } from './cli-error.ts';
import { parseSeconds } from './connection.ts';
import { findingsOf, type HeadFindings } from './github/findings.ts';
import { withAllHistory } from './github/shallow.ts';
import { runCache } from './run-cache.ts';
import { checkFolder } from './site-folder.ts';

export interface GitHubCliOptions {
  /** Of the pull request; what Actions says by default. */
  readonly base?: string;
  readonly head?: string;
  readonly repository?: string;
  readonly number?: string;
  /** Of the check run and of the comment. */
  readonly name: string;
  /** Folder that gets the report; the action makes an artifact of it. */
  readonly out: string;
  /** What the artifact is called. */
  readonly artifact?: string;
  /** How long GitHub may take to be told, in seconds. */
  readonly deadline: string;
}

const sarifName = 'findings.sarif';

/** What there is around the command; tests have their own. */
export interface Surroundings {
  /** GITHUB_TOKEN, and what Actions sets, are read from it. */
  readonly environment: Environment;
  readonly connect: (options: GitHubOptions) => Promise<GitHub>;
  readonly print: (text: string) => void;
}

const ofProcess: Surroundings = {
  environment: process.env,
  connect: async (options) => (await import('../source/github/client.ts')).connectGitHub(options),
  print: (text) => process.stdout.write(text),
};

export async function github(
  what: string,
  folder: string,
  options: GitHubCliOptions,
  surroundings: Surroundings = ofProcess,
): Promise<number> {
  const { environment, print } = surroundings;
  if (what !== 'pull-request') throw new CliError(`berth github ${what}: there is pull-request`);
  checkFolder(folder);
  const deadlineSeconds = parseSeconds(options.deadline, '--deadline');
  const pullRequest = await pullRequestOf(options, environment);
  const judged = await judge(folder, pullRequest);
  const url = runUrl(environment);
  const report: PullRequestReport = {
    pullRequest,
    name: options.name,
    findings: judged.findings,
    sourceOf: judged.sourceOf,
    run: url === null ? null : { url, artifact: options.artifact ?? options.name },
  };
  await writeReport(options.out, judged, report);
  const log = (text: string) => print(asLog(environment, text));
  log(consoleText(judged));

  const publication = await publish(report, deadlineSeconds, surroundings, log);
  if (publication) {
    const said = publicationLog(publication, report, path.join(options.out, sarifName));
    log(said.text);
    print(said.commands);
  } else log('Nothing is posted, for there is no GITHUB_TOKEN.\n');
  await writeSummary(environment, commentText(report.findings, report.run), cutNote(report.run));
  const verdict = verdictOf(report.findings);
  const posted = publication?.checkRun.posted === true && publication.comment.posted;
  await setOutputs(environment, { verdict, headline: titleOf(report.findings), posted: String(posted) });
  return verdict === 'success' ? 0 : 1;
}

async function judge(folder: string, { baseSha, headSha }: PullRequestEvent): Promise<HeadFindings> {
  const repository = await openLocal(folder, runCache());
  const judged = async () =>
    findingsOf(repository, await repository.resolve(baseSha), await repository.resolve(headSha));
  const top = path.join(await realpath(folder), path.relative(`/${repository.folder}`, '/'));
  return withAllHistory(top, judged);
}

/** What the options say, and what the event says for the others. */
async function pullRequestOf(options: GitHubCliOptions, environment: Environment): Promise<PullRequestEvent> {
  const event = await pullRequestEvent(environment);
  const repository = options.repository === undefined ? event?.repository : parseRepositoryName(options.repository);
  const number = options.number === undefined ? event?.number : Number(options.number);
  const baseSha = options.base ?? event?.baseSha;
  if (!repository || !number || !Number.isSafeInteger(number) || baseSha === undefined) {
    throw new CliError('which pull request? Outside of its events give --repository <owner/name>, --number and --base');
  }
  return { repository, number, baseSha, headSha: options.head ?? event?.headSha ?? 'HEAD', fork: event?.fork ?? false };
}

/** @returns null without a token */
async function publish(
  report: PullRequestReport,
  deadlineSeconds: number,
  { environment, connect }: Surroundings,
  log: (text: string) => void,
): Promise<Publication | null> {
  const { GITHUB_TOKEN: token, GITHUB_API_URL: apiUrl = 'https://api.github.com' } = environment;
  if (!token) return null;
  const onWait = (why: string) => log(`${why}\n`);
  return publishPullRequest(() => connect({ apiUrl, token, deadlineSeconds, environment, onWait }), report);
}

/** All that was found out, for machines and for people, none of it cut. */
async function writeReport(
  out: string,
  { made, signatures }: HeadFindings,
  { findings, run }: PullRequestReport,
): Promise<void> {
  const { plan } = findings;
  const whole = plan && made ? { ...plan, markdown: previewMarkdown(made.preview, { ...made, full: true }) } : plan;
  const files = {
    [sarifName]: json(sarifLog(findings.diagnostics, { version: packageFile.version, rules })),
    'signatures.json': json(signatures),
    'report.md': `${commentText({ ...findings, plan: whole }, run)}\n`,
    ...(made
      ? {
          'plan.txt': `${previewText(made.preview, { ...made, full: true })}\n`,
          'plan.json': json(previewJson(made.preview)),
        }
      : {}),
  };
  await mkdir(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(out, name), text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function consoleText({ findings, made, sourceOf }: HeadFindings): string {
  const found = textReport(findings.diagnostics, { sourceOf });
  return `${found}${findings.signatures.text}\n\n${made ? previewText(made.preview, made) : titleOf(findings)}\n`;
}
