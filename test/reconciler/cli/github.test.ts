// berth github pull-request, on real repositories of the example site, as a workflow's runner would start it.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CliError } from '../../../reconciler/cli/cli-error.ts';
import { type GitHubCliOptions, github } from '../../../reconciler/cli/github.ts';
import { connectGitHub, type GitHubOptions } from '../../../reconciler/source/github/client.ts';
import { GitFixture, signing, type TestRepository } from '../../git.ts';
import { FakeGitHub } from '../source/github/fake-github.ts';

const fixture = new GitFixture();
const ada = fixture.key('ada');

interface Context {
  fake: FakeGitHub;
}

const test = suite<Context>('berth github', {} as Context);

test.before.each(async (context) => {
  context.fake = await FakeGitHub.start();
});
test.after.each(async ({ fake }) => {
  await fake.close();
  assert.equal(fake.complaints, []);
});
test.after(() => fixture.remove());

/** The example site, committed to a Git repository of its own. */
class Origin {
  readonly repository: TestRepository;
  readonly base: string;

  /** @param folder where in the repository the site is */
  constructor(
    name: string,
    readonly folder: string,
  ) {
    this.repository = fixture.repository(name);
    cpSync('examples/site-repo', path.join(this.repository.work, folder), { recursive: true });
    // Where boot servers would not look for it, trust is that of the example.
    if (folder === '') this.repository.trust({ key: ada });
    this.base = this.repository.commit('the site', ada);
  }
}

const top = new Origin('top', '');
const deep = new Origin('deep', 'sites/tokyo0');

/** A branch of it, that is to be merged. */
class Proposal {
  readonly #repository: TestRepository;
  readonly #folder: string;
  readonly base: string;
  head: string;

  constructor(branch: string, { repository, folder, base }: Origin = top) {
    this.#repository = repository;
    this.#folder = folder;
    this.base = base;
    this.head = base;
    this.git('checkout', '-q', '-f', '-b', branch, base);
  }

  get site(): string {
    return path.join(this.#repository.work, this.#folder);
  }

  /** Commit a change of one file. */
  change(file: string, from: string | RegExp, to: string): this {
    const text = readFileSync(path.join(this.site, file), 'utf8');
    assert.match(text, from);
    this.#repository.write(path.join(this.#folder, file), text.replace(from, to));
    this.head = this.#repository.commit(`change ${file}`, ada);
    return this;
  }

  git(...args: readonly string[]): string {
    return this.#repository.git(...args);
  }
}

interface Outcome {
  readonly exitCode: number;
  readonly log: string;
  readonly outputs: string;
  readonly summary: string;
  /** A file of the report. */
  read(name: string): string;
}

let runs = 0;

/** Run it in what an event of GitHub looks like. */
async function run(
  { apiUrl }: { readonly apiUrl: string },
  proposal: Proposal,
  {
    fork = false,
    base = proposal.base,
    environment = {} as Record<string, string>,
    options = {} as Partial<GitHubCliOptions>,
  } = {},
): Promise<Outcome> {
  const folder = path.join(fixture.root, `run-${++runs}`);
  mkdirSync(folder);
  const file = (name: string) => path.join(folder, name);
  const repository = (owner: string) => ({ full_name: `${owner}/site` });
  const pull_request = {
    number: 7,
    head: { sha: proposal.head, repo: repository(fork ? 'ada' : 'acme') },
    base: { sha: base, repo: repository('acme') },
  };
  writeFileSync(file('event.json'), JSON.stringify({ pull_request }));
  for (const name of ['output', 'summary.md']) writeFileSync(file(name), '');
  const actions = {
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: apiUrl,
    GITHUB_EVENT_PATH: file('event.json'),
    GITHUB_OUTPUT: file('output'),
    GITHUB_REPOSITORY: 'acme/site',
    GITHUB_RUN_ID: '5',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_STEP_SUMMARY: file('summary.md'),
    GITHUB_TOKEN: 'ghs_secret',
  };
  let log = '';
  const exitCode = await github(
    'pull-request',
    proposal.site,
    { name: 'berth', out: file('report'), deadline: '3000', ...options },
    { environment: { ...actions, ...environment }, connect, print: (text) => (log += text) },
  );
  const read = (name: string) => readFileSync(file(name), 'utf8');
  return {
    exitCode,
    log,
    outputs: read('output').replace(/<<[0-9a-f]{32}\n(.*)\n[0-9a-f]{32}\n/g, '=$1\n'),
    summary: read('summary.md'),
    read: (name) => read(path.join('report', name)),
  };
}

/** Its seconds last two milliseconds. */
const connect = async (options: GitHubOptions) => connectGitHub({ ...options, secondMs: 2 });

test('a valid change: exit code 0, a check run, a comment with the plan, the report', async ({ fake }) => {
  const proposal = new Proposal('valid').change('roles/cs.yaml', 'flatcar-4081.2.0', 'flatcar-4081.3.1');
  const { exitCode, log, outputs, summary, read } = await run(fake, proposal);
  assert.is(exitCode, 0);
  const [checkRun] = fake.repository.checkRuns;
  assert.equal([checkRun?.head_sha, checkRun?.conclusion], [proposal.head, 'success']);
  const title = checkRun?.output.title ?? '';
  assert.match(title, /restart \d+ machines/);
  const body = fake.repository.comments[0]?.body ?? '';
  assert.match(body, `### berth: ${title}`);
  assert.match(body, 'flatcar-4081.2.0 → flatcar-4081.3.1');
  assert.match(body, 'the artifact berth of [the workflow run](https://github.com/acme/site/actions/runs/5)');
  assert.ok(body.endsWith(summary.trim()), 'the summary is the comment');
  assert.is(outputs, `verdict=success\nheadline=${title}\nposted=true\n`);
  assert.match(body, '#### Signatures\n\n1 new commit, signed by ada: boot servers accept it.\n\n');
  assert.is(JSON.parse(read('signatures.json')).verdict, 'accepted');
  assert.match(read('plan.txt'), 'flatcar-4081.2.0 → flatcar-4081.3.1');
  assert.is(JSON.parse(read('plan.json')).commit, proposal.head);
  assert.equal(JSON.parse(read('findings.sarif')).runs[0].results, []);
  assert.match(log, /check run: http/);
  assert.not.match(log, 'ghs_secret');
});

test('a broken site in a folder: exit code 1, notes at lines from the top of the repository', async ({ fake }) => {
  const proposal = new Proposal('broken', deep).change('racks/r1.yaml', /slot: 5/, 'slot: 4');
  const { exitCode, log, outputs, read } = await run(fake, proposal);
  assert.is(exitCode, 1);
  const [checkRun] = fake.repository.checkRuns;
  assert.is(checkRun?.conclusion, 'failure');
  const [annotation] = checkRun?.annotations ?? [];
  assert.is(annotation?.path, 'sites/tokyo0/racks/r1.yaml');
  assert.match(outputs, /^verdict=failure\nheadline=\d+ errors?\nposted=true\n$/);
  assert.match(checkRun?.output.text ?? '', ' --> sites/tokyo0/racks/r1.yaml:');
  assert.match(checkRun?.output.text ?? '', /\d+ \| .*slot: 4/);
  assert.match(log, /\d+ \| .*slot: 4/);
  const [result] = JSON.parse(read('findings.sarif')).runs[0].results;
  assert.is(result.locations[0].physicalLocation.artifactLocation.uri, 'sites/tokyo0/racks/r1.yaml');
  assert.is(fake.repository.comments.length, 1);
});

test('a commit that nobody signed: exit code 1, and an error on the page of the run', async ({ fake }) => {
  const proposal = new Proposal('unsigned').change('roles/cs.yaml', 'flatcar-4081.2.0', 'flatcar-4081.3.1');
  proposal.git('commit', '-q', '--amend', '--no-edit', '--no-gpg-sign');
  proposal.head = proposal.git('rev-parse', 'HEAD');
  const { exitCode, outputs, log } = await run(fake, proposal);
  assert.is(exitCode, 1);
  const [checkRun] = fake.repository.checkRuns;
  assert.equal([checkRun?.conclusion, checkRun?.output.title], ['failure', '1 commit refused (unsigned)']);
  assert.match(checkRun?.output.summary ?? '', 'Boot servers would refuse 1 of 1 new commit.');
  assert.match(outputs, 'headline=1 commit refused (unsigned)\n');
  const obeyed = log.replace(/^::stop-commands::(\w+)\n(?:.*\n)*?::\1::\n/gm, '');
  assert.match(obeyed, /^::error title=unsigned%3A the commit bears no signature::commit [0-9a-f]{12} carries .*\n$/);
});

test('a plan that would destroy is refused: exit code 1', async ({ fake }) => {
  const proposal = new Proposal('refused').change('racks/r1.yaml', /\n {2}- \{ serial: [^\n]*/, '');
  const { exitCode, outputs } = await run(fake, proposal);
  assert.is(exitCode, 1);
  assert.is(fake.repository.checkRuns[0]?.conclusion, 'action_required');
  assert.match(fake.repository.comments[0]?.body ?? '', 'BERTH-901');
  assert.match(outputs, /^verdict=action_required\n/);
});

for (const [name, from, to, exitCode] of [
  ['valid', 'flatcar-4081.2.0', 'flatcar-4081.3.1', 0],
  ['broken', 'os: ', 'oz: ', 1],
] as const) {
  test(`a ${name} pull request of a fork: the verdict is the same, and the log says it`, async ({ fake }) => {
    fake.writable = false;
    const proposal = new Proposal(`fork-${name}`).change('roles/cs.yaml', from, to);
    const outcome = await run(fake, proposal, { fork: true });
    assert.is(outcome.exitCode, exitCode);
    assert.match(outcome.log, "This is a fork's pull request: its token may read and not write");
    assert.match(outcome.outputs, /posted=false\n$/);
    assert.is(JSON.parse(outcome.read('findings.sarif')).runs[0].results.length > 0, exitCode === 1);
    // What is quoted stands where the runner obeys nothing; our commands stand where it does.
    const obeyed = outcome.log.replace(/^::stop-commands::(\w+)\n(?:.*\n)*?::\1::\n/gm, '');
    assert.is(/^::error file=roles\/cs\.yaml,line=\d+,col=\d+,title=BERTH-\d+::/m.test(obeyed), exitCode === 1);
    assert.is(obeyed.replace(/^::error .*\n/gm, ''), '');
  });
}

test('GitHub away: the verdict is the same', async ({ fake }) => {
  const proposal = new Proposal('away').change('roles/cs.yaml', 'flatcar-4081.2.0', 'flatcar-4081.3.1');
  const { apiUrl } = fake;
  await fake.close();
  const outcome = await run({ apiUrl }, proposal);
  assert.is(outcome.exitCode, 0);
  assert.match(outcome.log, 'The check run could not be posted, ');
  assert.match(outcome.outputs, /posted=false\n$/);
});

test('without a token nothing is posted', async ({ fake }) => {
  const proposal = new Proposal('no-token');
  const outcome = await run(fake, proposal, { environment: { GITHUB_TOKEN: '' } });
  assert.is(outcome.exitCode, 0);
  assert.match(outcome.log, 'Nothing is posted, for there is no GITHUB_TOKEN.');
  assert.is(fake.requests.length, 0);
});

test('the plan starts where the branch does, however far its base has moved on', async ({ fake }) => {
  const proposal = new Proposal('moved').change('roles/ss.yaml', 'flatcar-4081.2.0', 'flatcar-4081.3.1');
  proposal.git('checkout', '-q', '-b', 'main-moves', proposal.base);
  const { head } = proposal;
  proposal.change('roles/cs.yaml', 'flatcar-4081.2.0', 'flatcar-4081.3.1');
  const moved = proposal.head;
  proposal.head = head;
  const outcome = await run(fake, proposal, { base: moved });
  assert.is(outcome.exitCode, 0);
  assert.match(outcome.read('plan.txt'), 'roles/ss.yaml');
  assert.not.match(outcome.read('plan.txt'), 'roles/cs.yaml');
  assert.match(fake.repository.comments[0]?.body ?? '', `compared with ${proposal.base.slice(0, 12)}`);
});

test('a change that mends an invalid base passes, without a plan', async ({ fake }) => {
  const proposal = new Proposal('mended').change('roles/cs.yaml', 'os: ', 'oz: ');
  const base = proposal.head;
  proposal.change('roles/cs.yaml', 'oz: ', 'os: ');
  const outcome = await run(fake, proposal, { base });
  assert.is(outcome.exitCode, 0);
  assert.match(outcome.outputs, /headline=no plan: the site repo is not valid at [0-9a-f]{12}/);
});

test('a branch that brings the site repo is planned from nothing', async ({ fake }) => {
  const proposal = new Proposal('new', deep);
  proposal.git('checkout', '-q', '--orphan', 'before');
  proposal.git('rm', '-rqf', '.');
  proposal.git('commit', '-q', '--allow-empty', '-m', 'nothing yet');
  const base = proposal.git('rev-parse', 'HEAD');
  proposal.git('checkout', '-q', proposal.base, '--', '.');
  proposal.git('commit', '-q', '-m', 'the site');
  proposal.head = proposal.git('rev-parse', 'HEAD');
  const outcome = await run(fake, proposal, { base });
  assert.is(outcome.exitCode, 0);
  assert.match(outcome.outputs, /headline=.*boot 32 machines for the first time/);
});

test('a symbolic link is a finding', async ({ fake }) => {
  const proposal = new Proposal('link');
  proposal.git('config', 'core.symlinks', 'false');
  const blob = proposal.git('hash-object', '-w', '--stdin');
  proposal.git('update-index', '--add', '--cacheinfo', `120000,${blob},racks/r9.yaml`);
  proposal.git(...signing(ada), 'commit', '-q', '-S', '-m', 'link');
  proposal.head = proposal.git('rev-parse', 'HEAD');
  const outcome = await run(fake, proposal);
  assert.is(outcome.exitCode, 1);
  assert.is(fake.repository.checkRuns[0]?.annotations[0]?.path, 'racks/r9.yaml');
});

test('the working tree counts for nothing', async ({ fake }) => {
  const proposal = new Proposal('dirty');
  writeFileSync(path.join(proposal.site, 'site.yaml'), 'nonsense');
  assert.is((await run(fake, proposal)).exitCode, 0);
});

test('outside of Actions the pull request is named by options', async ({ fake }) => {
  const proposal = new Proposal('options').change('roles/cs.yaml', 'flatcar-4081.2.0', 'flatcar-4081.3.1');
  const options = { name: 'tokyo', out: path.join(fixture.root, 'out'), deadline: '3000' };
  const environment = { GITHUB_TOKEN: 't', GITHUB_API_URL: fake.apiUrl };
  const surroundings = { environment, connect, print: () => {} };
  const call = (more: Partial<GitHubCliOptions>) =>
    github('pull-request', proposal.site, { ...options, ...more }, surroundings);
  assert.is(await call({ repository: 'acme/site', number: '9', base: 'HEAD~1' }), 0);
  assert.equal([fake.repository.checkRuns[0]?.name, fake.repository.comments[0]?.number], ['tokyo', 9]);
  assert.ok(existsSync(path.join(options.out, 'findings.sarif')));
  for (const [more, message] of [
    [{}, 'which pull request?'],
    [{ repository: 'acme', number: '9', base: 'HEAD~1' }, 'which pull request?'],
    [{ repository: 'acme/site', number: 'nine', base: 'HEAD~1' }, 'which pull request?'],
    [{ repository: 'acme/site', number: '9', base: 'HEAD~1', deadline: 'soon' }, '--deadline'],
  ] as const) {
    const error = await call(more).catch((thrown: unknown) => thrown);
    assert.instance(error, CliError);
    assert.match((error as CliError).message, message);
  }
});

test.run();
