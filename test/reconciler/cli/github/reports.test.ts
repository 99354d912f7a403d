// When the agent tells GitHub, and which repository of which GitHub.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CliError } from '../../../../reconciler/cli/cli-error.ts';
import { type GitHubReportOptions, gitHubReports } from '../../../../reconciler/cli/github/reports.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'berth-reports-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));
const tokenFile = path.join(folder, 'token');
writeFileSync(tokenFile, 'ghs_secret\n');
const emptyFile = path.join(folder, 'empty');
writeFileSync(emptyFile, '\n');

const token = { BERTH_GITHUB_TOKEN: 'ghs_secret' };
const onGitHub = 'https://github.com/acme/site.git';
const elsewhere = 'https://git.example.com/acme/site.git';

/** `<api> <owner>/<name>`, `silent`, or why not. */
function outcome(options: Partial<GitHubReportOptions>, environment: Readonly<Record<string, string>>): string {
  const lines: string[] = [];
  const log = pino({}, { write: (line) => lines.push(line) });
  try {
    const queue = gitHubReports({ site: 'tokyo0', repo: onGitHub, ...options }, environment, log);
    assert.not.match(lines.join(''), 'ghs_secret');
    if (!queue) return 'silent';
    const { apiUrl, owner, repo } = JSON.parse(lines[0] ?? '');
    return `${apiUrl} ${owner}/${repo}`;
  } catch (error) {
    assert.instance(error, CliError);
    return (error as CliError).message.replace(folder, '');
  }
}

const rows: readonly (readonly [Partial<GitHubReportOptions>, Readonly<Record<string, string>>, string])[] = [
  [{}, token, 'https://api.github.com acme/site'],
  [{ githubTokenFile: tokenFile }, {}, 'https://api.github.com acme/site'],
  [{ repo: 'https://acme.ghe.com/acme/site' }, token, 'https://api.acme.ghe.com acme/site'],
  [{ repo: elsewhere, githubApi: 'https://git.example.com/api/v3' }, token, 'https://git.example.com/api/v3 acme/site'],
  [
    { repo: 'https://mirror.example.com/site.git', githubApi: 'https://api.github.com', githubRepository: 'acme/dc' },
    token,
    'https://api.github.com acme/dc',
  ],
  [{ githubRepository: 'acme/dc' }, token, 'https://api.github.com acme/dc'],
  [{}, {}, 'silent'],
  [{ repo: elsewhere }, token, 'silent'],
  [{ repo: elsewhere }, {}, 'silent'],
  [{ githubApi: 'https://api.github.com' }, {}, 'which token? Give --github-token-file or set BERTH_GITHUB_TOKEN'],
  [
    { repo: elsewhere, githubTokenFile: tokenFile },
    {},
    `${elsewhere} is on no GitHub: --github-api and --github-repository say`,
  ],
  [{ githubTokenFile: emptyFile }, {}, '--github-token-file /empty is empty'],
  [{ githubTokenFile: path.join(folder, 'gone') }, {}, '--github-token-file /gone cannot be read: ENOENT'],
  [{ githubApi: 'git.example.com' }, token, '--github-api git.example.com is no URL of http or https'],
  [{ githubRepository: 'acme' }, token, '--github-repository acme is not of the form owner/name'],
];

for (const [options, environment, expected] of rows) {
  const given = [...Object.entries(options).map(([name, value]) => `${name} ${value?.replace(folder, '')}`)];
  test(`${given.join(', ') || 'nothing given'}${environment === token ? ', a token' : ''}: ${expected}`, () => {
    assert.is(outcome(options, environment), expected);
  });
}

test.run();
