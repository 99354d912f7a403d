// The authentication of a long history: from scratch beside `git log --show-signature`, and of one commit more.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { SiteFiles } from '../../schema/load.ts';
import { serveGit } from '../../vdc/git-host.ts';
import { gitEnvironment } from '../git.ts';
import type { Signing } from './commit-signers.ts';
import { formatNumber, median, type Row, type Table } from './figures.ts';
import { gitLogSeconds, prepareVerifiers } from './git-log.ts';
import type { Followed, HistoryJudge, Judged, Source } from './programs/history-judge.ts';
import { type SignedHistory, writeSignedHistory } from './signed-history.ts';
import type { Workshop } from './workshop.ts';

/** Git and the judgement of all take turns, so that what else goes on here hits both. */
const rounds = 3;
/** Git takes a process and more for each signature: of a long history, it only goes through the newest commits. */
const mostForGit = 300;
const mostOpenPgp = 300;
/** Pushed one by one, each when the one before has been judged. */
const mostMore = 40;
const largest = { machines: 1600, racks: 40 } as const;

interface Figures {
  readonly commits: number;
  readonly fetch: { readonly seconds: number; readonly peakBytes: number };
  readonly all: readonly Judged[];
  /** Of {@link mostForGit} of them at most. */
  readonly git: readonly { readonly seconds: number }[];
  readonly followed: readonly Followed[];
  readonly restarted: readonly Judged[];
}

export async function measureTrust(workshop: Workshop): Promise<Table> {
  const { size, commits } = workshop;
  const racks = Math.min(size.racks, largest.racks);
  const machines = Math.min(size.machines, largest.machines);
  const { files } = await workshop.writeSite(await workshop.folder('trust/site-repo'), { machines, racks });
  const openPgp = await measureSigning(workshop, files, {
    signing: 'openpgp',
    commits: Math.min(commits, mostOpenPgp),
  });
  const ssh = await measureSigning(workshop, files, { signing: 'ssh', commits });
  const row = (label: string, unit: Row['unit'], figure: (figures: Figures) => number, target?: number): Row => {
    const values = [figure(openPgp), figure(ssh)];
    return { label, unit, values, ...(target === undefined ? {} : { target }) };
  };
  const secondsOf = (runs: readonly { readonly seconds: number }[]) => median(runs.map(({ seconds }) => seconds));
  const secondsOfOurs = ({ all, commits }: Figures) => secondsOf(all) / commits;
  const secondsOfGit = ({ git, commits }: Figures) => secondsOf(git) / Math.min(commits, mostForGit);
  const followed = (figure: (one: Followed) => number) => (figures: Figures) => median(figures.followed.map(figure));
  const judged = followed(({ seconds }) => seconds);
  const fetchedAndJudged = followed(({ fetchSeconds, seconds }) => fetchSeconds + seconds);
  return {
    title: `trust: the signed history of a site with ${formatNumber(machines)} machines, from a Git host`,
    columns: [`${formatNumber(openPgp.commits)} commits, OpenPGP`, `${formatNumber(ssh.commits)} commits, SSH`],
    rows: [
      row('fetch all', 's', ({ fetch }) => fetch.seconds),
      row('authenticate all, from scratch', 's', ({ all }) => secondsOf(all)),
      row('commits authenticated', '1/s', (figures) => 1 / secondsOfOurs(figures)),
      row('commits that git log --show-signature shows', '1/s', (figures) => 1 / secondsOfGit(figures)),
      row("time for one, of git's", '%', (figures) => (100 * secondsOfOurs(figures)) / secondsOfGit(figures), 20),
      row('one more commit, already fetched', 's', judged, 0.05),
      row('one more commit, with its fetch', 's', fetchedAndJudged),
      row('one more commit, right after a restart', 's', ({ restarted }) => secondsOf(restarted)),
      row('peak memory, fetch all', 'MB', ({ fetch }) => fetch.peakBytes / 1e6),
      row('peak memory, authenticate all', 'MB', ({ all }) => median(all.map(({ peakBytes }) => peakBytes)) / 1e6),
    ],
    notes: [
      `Git is shown the newest ${formatNumber(Math.min(commits, mostForGit))} commits of the same history, and the rates are compared.`,
      'It checks signatures only; each commit is authenticated by what its parents trust for the files that it changes.',
      `One more commit: median of ${ssh.followed.length}, each pushed by itself; after a restart: of ${rounds}.`,
    ],
  };
}

interface Sample {
  readonly signing: Signing;
  readonly commits: number;
}

async function measureSigning(workshop: Workshop, files: SiteFiles, { signing, commits }: Sample): Promise<Figures> {
  const root = await workshop.folder('trust/hosted');
  const repository = await workshop.folder(`trust/hosted/${signing}.git`);
  const more = Math.min(commits, mostMore);
  const history = await writeSignedHistory(repository, { files, signing, commits, more });
  const host = await serveGit({ root, host: '127.0.0.1', port: 0 });
  workshop.own({ stop: () => host.close() });
  const folder = await workshop.folder(`trust/clones-${signing}`);
  const { introduction, head } = history;
  const source: Source = { folder, url: `${host.url}/${path.basename(repository)}`, introduction };

  const fetcher = workshop.start<HistoryJudge>('history-judge');
  const fetch = await fetcher.call('fetch', source);
  await fetcher.stop();
  const verifiers = prepareVerifiers(await workshop.folder(`trust/keys-${signing}`), signing, history.publicKeys);
  const forGit = { head, commits: Math.min(commits, mostForGit) };
  const all: Judged[] = [];
  const git: { readonly seconds: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    all.push(await judgeAfresh(workshop, { ...source, from: null, to: head }));
    git.push({ seconds: await gitLogSeconds(repository, verifiers, forGit) });
  }
  if (all.some((judged) => judged.commits !== commits)) throw new Error(`not all of ${commits} commits were judged`);

  const agent = workshop.start<HistoryJudge>('history-judge');
  const followed: Followed[] = [];
  for (const [from, to] of steps(history)) {
    execFileSync('git', ['update-ref', 'refs/heads/main', to], { cwd: repository, env: gitEnvironment });
    const figures = await agent.call('follow', { ...source, from });
    if (figures.head !== to) throw new Error(`${figures.head} was fetched, ${to} was pushed`);
    followed.push(figures);
  }
  await agent.stop();
  const [from, to] = steps(history).at(-1) ?? [head, head];
  const restarted: Judged[] = [];
  for (let round = 0; round < rounds; round++) restarted.push(await judgeAfresh(workshop, { ...source, from, to }));
  return { commits, fetch, all, git, followed, restarted };
}

/** In a process that knows nothing but the clone on its disk. */
async function judgeAfresh(workshop: Workshop, request: Parameters<HistoryJudge['judge']>[0]): Promise<Judged> {
  const program = workshop.start<HistoryJudge>('history-judge');
  const judged = await program.call('judge', request);
  await program.stop();
  return judged;
}

/** Each commit that follows on the head, and the one before it. */
function steps({ head, more }: SignedHistory): (readonly [string, string])[] {
  return more.map((to, index) => [more[index - 1] ?? head, to] as const);
}
