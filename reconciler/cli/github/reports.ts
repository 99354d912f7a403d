// Whether and where the agent says on GitHub how commits fare: from its options, and from where it pulls.
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { CommitQueue } from '../../source/github/commit-queue.ts';
import { type GitHubRepository, gitHubOfUrl, parseRepositoryName } from '../../source/github/repository-name.ts';
import { CliError } from '../cli-error.ts';

export interface GitHubReportOptions {
  readonly site: string;
  /** Where the site repo is pulled from. */
  readonly repo: string;
  /** Base of the REST API, of a GitHub that the repo's URL does not tell. */
  readonly githubApi?: string;
  /** `owner/name`, where the repo's URL is that of a mirror. */
  readonly githubRepository?: string;
  readonly githubTokenFile?: string;
  /** A page about the site that statuses link to. */
  readonly githubTargetUrl?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @returns null where there is no GitHub, or no token for it
 * @throws {CliError} when the options ask for what cannot be
 */
export function gitHubReports(options: GitHubReportOptions, environment: Environment, log: Logger): CommitQueue | null {
  const { site: siteId, githubTokenFile: file, githubTargetUrl: targetUrl } = options;
  if (file !== undefined) readToken(file);
  const gitHub = gitHubOf(options);
  const token = () => (file === undefined ? environment.BERTH_GITHUB_TOKEN : readToken(file));
  if (!gitHub || !token()) {
    const asked = Object.entries(options).find(([name, value]) => name.startsWith('github') && value !== undefined);
    if (asked && !gitHub)
      throw new CliError(`${options.repo} is on no GitHub: --github-api and --github-repository say`);
    if (asked) throw new CliError('which token? Give --github-token-file or set BERTH_GITHUB_TOKEN');
    return null;
  }
  const { apiUrl, repository } = gitHub;
  log.info({ event: 'reports', apiUrl, ...repository }, 'GitHub is told how commits fare');
  return new CommitQueue({
    target: { repository, siteId, ...(targetUrl === undefined ? {} : { targetUrl }) },
    onTrouble: (trouble, { commit }) => log.warn({ event: 'github-trouble', commit, ...trouble }, 'GitHub not told'),
    // Loaded when there is something to say; a token that was replaced meanwhile is read anew.
    connect: async (signal) => {
      const { connectGitHub } = await import('../../source/github/client.ts');
      return connectGitHub({ apiUrl, token: token() ?? '', deadlineSeconds: null, environment, signal });
    },
  });
}

function gitHubOf({ repo, githubApi, githubRepository }: GitHubReportOptions): GitHubRepository | null {
  const named = gitHubOfUrl(repo);
  // Any host may speak Git; only these are known to be GitHub's.
  const isGitHub = named !== null && /^https:\/\/api\.(github\.com|[^/]+\.ghe\.com)$/.test(named.apiUrl);
  const apiUrl = githubApi ?? (isGitHub ? named.apiUrl : undefined);
  const repository = githubRepository === undefined ? named?.repository : parseRepositoryName(githubRepository);
  if (githubApi !== undefined && !/^https?:$/.test(protocolOf(githubApi))) {
    throw new CliError(`--github-api ${githubApi} is no URL of http or https`);
  }
  if (repository === null) throw new CliError(`--github-repository ${githubRepository} is not of the form owner/name`);
  return apiUrl !== undefined && repository ? { apiUrl, repository } : null;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}

/** @throws {CliError} */
function readToken(file: string): string {
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (token !== '') return token;
  } catch (error) {
    throw new CliError(`--github-token-file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  throw new CliError(`--github-token-file ${file} is empty`);
}
