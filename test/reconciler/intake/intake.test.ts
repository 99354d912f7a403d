// What an agent comes to believe, round by round: by what it remembers, what etcd has, and what the site repo shows it.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createAgentMetrics } from '../../../reconciler/agent-metrics.ts';
import type { Belief } from '../../../reconciler/intake/belief.ts';
import { Intake } from '../../../reconciler/intake/intake.ts';
import { TrustFolder } from '../../../reconciler/intake/trust-folder.ts';
import { Repository } from '../../../reconciler/source/repository.ts';
import { GitFixture, type TestKey, type TestRepository } from '../../git.ts';
import { smallSite } from '../../small-site.ts';

const never = new AbortController().signal;

/** Commits, one after the other. Ada has signed all but what says otherwise; Bob may sign, too. */
interface Line {
  readonly first: string;
  readonly second: string;
  readonly byBob: string;
  readonly fourth: string;
  /** On top of the fourth: the key of Bob is revoked, from before he signed. */
  readonly revokes: string;
  /** On the second one: another line. */
  readonly aside: string;
}

interface Context {
  root: string;
  git: GitFixture;
  repository: TestRepository;
  ada: TestKey;
  bob: TestKey;
  line: Line;
}

const test = suite<Context>('intake');

test.before(async (context) => {
  const git = new GitFixture();
  const [ada, bob] = [git.key('ada'), git.key('bob')];
  const repository = git.repository();
  for (const [name, { bytes }] of await smallSite()) if (!name.startsWith('trust/')) repository.write(name, bytes);
  repository.trust({ key: ada }, { key: bob });
  const first = repository.commit('first', ada);
  const second = repository.commit('second', ada);
  const from = new Date(repository.now * 1000 + 1000).toISOString().replace('.000Z', 'Z');
  const byBob = repository.commit('by bob', bob);
  const fourth = repository.commit('fourth', ada);
  const [adas, bobs] = [ada, bob].map(({ name, publicKey }) => ({ name, key: publicKey, paths: ['**'] }));
  const signers = [adas, { ...bobs, revoked: { reason: 'stolen', from } }];
  repository.write('trust/signers.yaml', JSON.stringify({ signers }));
  const revokes = repository.commit('revokes', ada);
  repository.checkout(second);
  const aside = repository.commit('aside', ada);
  const root = mkdtempSync(path.join(tmpdir(), 'berth-intake-'));
  Object.assign(context, { root, git, repository, ada, bob, line: { first, second, byBob, fourth, revokes, aside } });
});

test.after(({ git, root }) => {
  git.remove();
  rmSync(root, { recursive: true, force: true });
});

/** A boot server whose agent can be started again and again on what it remembers. */
class Server {
  readonly folder: TrustFolder;
  readonly data: string;
  readonly logged: { readonly event?: string; readonly why?: string }[] = [];
  readonly metrics = createAgentMetrics();
  readonly #context: Context;
  #repository: Repository | null = null;
  #intake: Intake | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.data = mkdtempSync(path.join(context.root, 'server-'));
    this.folder = new TrustFolder(this.data);
  }

  get belief(): Belief {
    if (!this.#intake) throw new Error('it has not been started');
    return this.#intake.belief;
  }

  /** Start the agent, or start it again. */
  async start(): Promise<void> {
    const { first } = this.#context.line;
    this.stop();
    this.#repository = await Repository.open({
      folder: path.join(this.data, 'clone'),
      branch: 'main',
      url: this.#bundle,
    });
    this.#intake = new Intake({
      repository: this.#repository,
      introduction: { commit: first, keyFingerprint: this.#context.ada.fingerprint },
      siteId: 'tokyo0',
      folder: this.data,
      pollSeconds: 600,
      metrics: this.metrics,
      log: pino({}, { write: (text: string) => this.logged.push(JSON.parse(text)) }),
      onVerdict: () => {},
    });
  }

  /** A round of the agent. @param branch what the site repo shows; null: it is away @param inForce by etcd */
  async round(branch: string | null, inForce: string | null = null): Promise<void> {
    if (!this.#intake) await this.start();
    rmSync(this.#bundle, { force: true });
    if (branch !== null) copyFileSync(bundleOf(this.#context, branch), this.#bundle);
    await this.#intake?.round(() => ({ accepted: inForce, others: [] }), never);
  }

  /** As `berth trust accept` does it. */
  async accept(commit: string, ...supersedes: readonly string[]): Promise<void> {
    const { anchors } = await this.folder.read();
    await this.folder.writeAnchors([...anchors, { commit, supersedes, ...byHand }]);
  }

  async revoke({ fingerprint }: TestKey): Promise<void> {
    await this.folder.writeRevoked([{ key: fingerprint, from: null, ...byHand }]);
  }

  /** Nothing can be written down as accepted until what is returned is called. */
  obstructed(): () => void {
    const file = path.join(this.folder.folder, 'accepted.json.partial');
    mkdirSync(file, { recursive: true });
    return () => rmSync(file, { recursive: true });
  }

  count(event: string): number {
    return this.logged.filter((line) => line.event === event).length;
  }

  stop(): void {
    this.#repository?.close();
  }

  get #bundle(): string {
    return path.join(this.data, 'site.bundle');
  }
}

/** A file with the branch as it was when a commit was its head. */
function bundleOf({ root, repository }: Context, commit: string): string {
  const file = path.join(root, `${commit}.bundle`);
  if (!existsSync(file)) {
    repository.git('branch', '-q', '-f', 'main', commit);
    repository.git('bundle', 'create', '-q', file, 'main');
  }
  return file;
}

const byHand = { reason: 'why', by: 'ada', at: '2026-01-01T00:00:00Z' };

function believes({ belief }: Server, head: string | null, refused: string | null = null, what?: string): void {
  assert.equal([belief.head?.commit ?? null, belief.refused?.code ?? null], [head, refused], what);
}

type Name = keyof Line;
type Row = readonly [
  what: string,
  known: { readonly own?: Name; readonly inForce?: Name; readonly branch: Name | null },
  comesTo: { readonly head: Name | null; readonly refused?: string; readonly follows?: boolean | null },
];

const rows: readonly Row[] = [
  ['a new server', { branch: 'second' }, { head: 'second' }],
  ['a new server of an old site', { inForce: 'second', branch: 'fourth' }, { head: 'fourth', follows: true }],
  [
    'a new server that is shown less than is in force',
    { inForce: 'fourth', branch: 'second' },
    { head: null, refused: 'not-descendant', follows: null },
  ],
  [
    'a crash between what was remembered and what was published',
    { own: 'fourth', inForce: 'second', branch: null },
    { head: 'fourth', follows: true },
  ],
  ['the same while etcd is empty', { own: 'fourth', branch: null }, { head: 'fourth' }],
  [
    'etcd is lost, the branch put back',
    { own: 'fourth', branch: 'second' },
    { head: 'fourth', refused: 'not-descendant' },
  ],
  [
    'another server was faster',
    { own: 'second', inForce: 'fourth', branch: 'fourth' },
    { head: 'fourth', follows: true },
  ],
  [
    'another server was faster, and this one is not shown what it has',
    { own: 'second', inForce: 'fourth', branch: 'second' },
    { head: null, refused: 'not-descendant', follows: false },
  ],
  [
    'another server was faster, and the Git host is away',
    { own: 'second', inForce: 'fourth', branch: null },
    { head: null, follows: false },
  ],
  [
    'another server has gone aside',
    { own: 'fourth', inForce: 'aside', branch: 'fourth' },
    { head: null, refused: 'not-descendant', follows: false },
  ],
];

for (const [what, { own, inForce, branch }, { head, refused = null, follows }] of rows) {
  test(`what is believed: ${what}`, async (context) => {
    const { line } = context;
    const server = new Server(context);
    if (own) await server.round(line[own]);
    await server.start();
    // The first round may be before what is in force has been fetched.
    for (const round of ['first', 'second']) {
      await server.round(branch && line[branch], inForce ? line[inForce] : null);
      believes(server, head && line[head], refused, round);
      if (inForce) assert.is(server.belief.follows(line[inForce]), follows, round);
    }
    const newest = head ?? own;
    assert.is((await server.folder.read()).accepted?.commit, newest && line[newest]);
    server.stop();
  });
}

test('what cannot be remembered does not come into force, nor does what it overtakes go on', async (context) => {
  const { second, fourth } = context.line;
  const server = new Server(context);
  await server.round(second);
  const clear = server.obstructed();
  await server.round(fourth);
  believes(server, null);
  assert.match(server.belief.held ?? '', 'accepted.json cannot be written: EISDIR');
  assert.is(server.count('memory-unwritable'), 1);
  assert.is((await server.folder.read()).accepted?.commit, second);
  await server.round(fourth);
  assert.is(server.count('memory-unwritable'), 2, 'it is tried again, and said again');
  assert.is(server.count('held'), 1);
  clear();
  await server.round(fourth);
  believes(server, fourth);
  assert.is(server.belief.held, null);
  server.stop();
});

test('when it is not there to be remembered any more, what was accepted before is relied on again', async (context) => {
  const { second, fourth } = context.line;
  const server = new Server(context);
  await server.round(second);
  const clear = server.obstructed();
  await server.round(fourth);
  clear();
  await server.round(null);
  believes(server, second);
  assert.is(server.belief.held, null);
  server.stop();
});

test('what speaks against what was accepted counts though it cannot be remembered', async (context) => {
  const { fourth, revokes } = context.line;
  const server = new Server(context);
  await server.round(fourth);
  const clear = server.obstructed();
  for (const branch of [revokes, null, revokes]) {
    await server.round(branch);
    believes(server, null, 'key-revoked');
    assert.is.not(server.belief.held, null);
  }
  clear();
  await server.round(revokes);
  assert.is((await server.folder.read()).accepted?.held?.head, revokes);
  await server.start();
  await server.round(fourth);
  believes(server, null, 'not-descendant');
  assert.match(server.belief.held ?? '', /^key-revoked/);
  server.stop();
});

test('a memory that is damaged and put back', async (context) => {
  const { fourth } = context.line;
  const server = new Server(context);
  await server.round(fourth);
  const kept = (await server.folder.read()).accepted;
  if (!kept) throw new Error('nothing is remembered');
  writeFileSync(path.join(server.folder.folder, 'accepted.json'), 'noise');
  await server.round(fourth);
  believes(server, null);
  assert.match(server.belief.held ?? '', 'accepted.json cannot be relied on');
  await server.folder.writeAccepted(kept);
  await server.round(null);
  believes(server, fourth);
  assert.is(server.belief.held, null);
  server.stop();
});

test('while nothing is relied on, what comes into force meanwhile is looked into all the same', async (context) => {
  const { bob, line } = context;
  const server = new Server(context);
  await server.round(line.fourth, line.second);
  await server.revoke(bob);
  await server.round(line.fourth, line.second);
  believes(server, null, 'key-revoked');
  await server.round(line.fourth, line.aside);
  assert.is(server.belief.follows(line.aside), false);
  server.stop();
});

test('a key that is revoked after a commit was accepted by hand', async (context) => {
  const { bob, line } = context;
  const before = new Server(context);
  await before.round(line.second);
  await before.accept(line.second);
  await before.round(line.fourth);
  await before.revoke(bob);
  await before.round(line.fourth);
  believes(before, null, 'key-revoked', 'what he signed since then is judged');
  before.stop();

  const after = new Server(context);
  await after.round(line.byBob);
  await after.accept(line.byBob);
  await after.round(line.fourth);
  await after.revoke(bob);
  await after.round(line.fourth);
  believes(after, line.fourth, null, 'what somebody vouches for is not');
  after.stop();
});

test('of two that were accepted by hand the newest counts, and what was accepted since then', async (context) => {
  const { second, byBob, fourth, aside } = context.line;
  const server = new Server(context);
  await server.round(fourth);
  await server.accept(second, fourth);
  await server.round(aside);
  believes(server, aside);
  await server.accept(second, fourth, aside);
  await server.round(fourth);
  believes(server, fourth);
  // It had been given up twice; now it is accepted, and there is no way back but by hand.
  await server.round(byBob);
  believes(server, fourth, 'not-descendant');
  await server.start();
  await server.round(aside);
  believes(server, fourth, 'not-descendant');
  await server.accept(aside, fourth);
  await server.round(aside);
  believes(server, aside);
  server.stop();
});

test('what an administrator gives up besides counts from the next round on', async (context) => {
  const { second, fourth, aside } = context.line;
  const server = new Server(context);
  await server.round(fourth);
  await server.accept(aside, fourth);
  await server.round(aside);
  believes(server, aside);
  const other = context.line.revokes;
  await server.round(aside, other);
  believes(server, aside, 'not-descendant');
  assert.is(server.belief.follows(other), false);
  await server.accept(aside, fourth, other);
  await server.round(aside, other);
  believes(server, aside);
  assert.is(server.belief.follows(other), true, 'it may be replaced');
  assert.is.not(second, other);
  server.stop();
});

test('a clock that is wrong for a while holds nothing back for good', async (context) => {
  const { ada, line } = context;
  const server = new Server(context);
  await server.round(line.second);
  // A key that has signed nothing: all is judged anew, and the clock begins in 1970.
  await server.revoke({ ...ada, fingerprint: `SHA256:${'A'.repeat(43)}` });
  const { now } = Date;
  try {
    Date.now = () => 0;
    await server.round(null);
  } finally {
    Date.now = now;
  }
  believes(server, null, 'future-commit');
  await server.round(null);
  believes(server, line.second);
  assert.is(server.belief.held, null);
  server.stop();
});

test('a refusal stands since it was made first, and is told once', async (context) => {
  const { second, fourth, aside } = context.line;
  const server = new Server(context);
  await server.round(fourth);
  await server.round(second);
  const { refused } = server.belief;
  // What etcd has is another thing to judge it by, to the same end.
  await server.round(second, aside);
  await server.round(second, second);
  assert.equal(server.belief.refused, refused);
  assert.is(server.count('refused'), 1);
  assert.match(await server.metrics.registry.metrics(), /^berth_heads_refused_total\{code="not-descendant"\} 1$/m);
  server.stop();
});

test.run();
