// berth trust introduce: on an engineer's disk, the line by which boot servers are introduced to a site; on a boot
// server, the introduction itself.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { printable } from '../../../schema/report/printable.ts';
import { TrustFolder } from '../../intake/trust-folder.ts';
import type { IntroductionRecord } from '../../intake/trust-records.ts';
import { Kinship } from '../../source/kinship.ts';
import { siteIdAt } from '../../source/site-id.ts';
import { authenticate } from '../../source/trust/authenticate.ts';
import { short } from '../../source/trust/refusal.ts';
import { CliError } from '../cli-error.ts';
import { introductionText, parseIntroduction } from '../introduction-text.ts';
import { openSiteRepo, type SiteRepoOptions } from '../site-repo-options.ts';
import { introductionSetting } from './beginning.ts';
import { requireAdmin } from './boot-server.ts';
import { openHistory } from './local-history.ts';
import { signerOfCommit } from './signer-of-commit.ts';

export interface TrustIntroduceOptions extends Partial<Omit<SiteRepoOptions, 'branch'>> {
  readonly commit: string;
  readonly branch: string;
  /** Folder of a boot server: then that one is introduced. */
  readonly data?: string;
  readonly introduction?: string;
  readonly site?: string;
  readonly replace?: boolean;
  readonly json?: boolean;
}

export async function trustIntroduce(dir: string, options: TrustIntroduceOptions): Promise<number> {
  const { data } = options;
  if (data !== undefined) return introduceServer(data, options);
  for (const name of ['repo', 'introduction', 'site', 'replace'] as const) {
    if (options[name] !== undefined) throw new CliError(`--${name} goes with --data, on a boot server`);
  }
  const repository = await openHistory(dir);
  const commit = await repository.resolve(options.commit);
  const site = await siteIdAt(repository.objects, commit);
  if (site === null) throw new CliError(`commit ${short(commit)} is of no site: it has no site.yaml`);
  const { name, fingerprint, subject } = await signerOfCommit(repository.objects, commit);
  if (name === null) {
    throw new CliError(
      `commit ${short(commit)} is signed by ${fingerprint}, which its own trust/signers.yaml does not have: nobody could follow on it with that key`,
    );
  }
  const line = introductionText({ commit, keyFingerprint: fingerprint });
  const lines = [
    `The site ${site} begins with commit ${short(commit)} (${printable(subject)}), signed by ${printable(name)}:`,
    '',
    `  ${line}`,
    '',
    'On each boot server, once:',
    `  berth trust introduce --data <folder> --site ${site} --repo <url> --introduction ${line}`,
    'So that berth trust check and log begin there, in this clone:',
    `  git config ${introductionSetting} ${line}`,
  ];
  const value = { commit, key: fingerprint, signer: name, site, introduction: line };
  process.stdout.write(`${options.json ? JSON.stringify(value, null, 2) : lines.join('\n')}\n`);
  return 0;
}

async function introduceServer(data: string, options: TrustIntroduceOptions): Promise<number> {
  const { site, introduction: text, repo = [], branch, replace = false, json = false } = options;
  if (text === undefined || site === undefined || repo.length === 0) {
    throw new CliError('a boot server is introduced with --introduction, --site and --repo');
  }
  await requireAdmin(data);
  const introduction = parseIntroduction(text);
  const folder = new TrustFolder(data);
  const { introduction: before } = await folder.read();
  const isSame = before?.commit === introduction.commit && before.key === introduction.keyFingerprint;
  if (before && before.site !== site) {
    throw new CliError(`${data} is of a server of the site ${before.site}: give ${site} a folder of its own`);
  }
  if (before && !isSame && !replace) {
    throw new CliError(
      `${data} is introduced with ${before.commit}:${before.key} since ${before.at}; --replace puts another one in its place`,
    );
  }
  const name = await signerOfIntroduced({ ...options, repo, branch }, data, introduction, site);
  const { commit, keyFingerprint: key } = introduction;
  const record: IntroductionRecord = { commit, key, site, at: new Date().toISOString() };
  if (!isSame) await folder.writeIntroduction(record);
  const told = isSame ? 'is introduced to' : 'has been introduced to';
  const line = `${data} ${told} the site ${site}, from commit ${short(commit)} on, signed by ${printable(name)} with ${key}`;
  process.stdout.write(`${json ? JSON.stringify(isSame ? before : record, null, 2) : line}\n`);
  return 0;
}

/** Look at what is introduced, in a clone that is not the agent's, which may be using that. @throws {CliError} */
async function signerOfIntroduced(
  repo: SiteRepoOptions,
  data: string,
  introduction: ReturnType<typeof parseIntroduction>,
  site: string,
): Promise<string> {
  const { commit } = introduction;
  const folder = await mkdtemp(path.join(data, 'introduce-'));
  try {
    const repository = await openSiteRepo(repo, folder);
    try {
      const head = await repository.fetch(AbortSignal.timeout(15 * 60_000));
      if (!(await new Kinship(repository).contains(head, commit))) {
        throw new CliError(
          `the branch ${repo.branch} does not contain the commit ${commit}: check the introduction and --repo`,
        );
      }
      const nowSeconds = Math.floor(Date.now() / 1000);
      const verdict = await authenticate({ from: null, to: commit, reader: repository, introduction, nowSeconds });
      if (!verdict.ok) throw new CliError(`${verdict.code}: ${verdict.message}; ${verdict.hint}`);
      const id = await siteIdAt(repository, commit);
      if (id !== site) {
        throw new CliError(
          `other-site: commit ${short(commit)} is of ${id === null ? 'no site' : `the site ${id}`}, not ${site}`,
        );
      }
      return verdict.commits[0]?.signer ?? '';
    } finally {
      repository.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
