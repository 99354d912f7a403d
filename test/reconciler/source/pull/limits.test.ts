// What is too much, cut off, changed, or has no room: refused without a trace, and the next good fetch works.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Repository, type RepositoryOptions } from '../../../../reconciler/source/repository.ts';
import { gitEnvironment, type TestRepository } from '../../../git.ts';
import { failure, filesIn, never, PullLab } from './pull-lab.ts';

let lab: PullLab;
test.before(async () => {
  lab = await PullLab.start();
});
test.after(() => lab.stop());

/** A clone at the first commit; the host has a second one. */
async function behind(grow: (repository: TestRepository) => void = () => undefined): Promise<{
  readonly repository: TestRepository;
  readonly first: string;
  readonly second: string;
  readonly options: RepositoryOptions;
}> {
  const { repository, path } = lab.remote();
  const options = { folder: lab.folder(), url: lab.host.url + path, branch: 'main' };
  const first = await (await lab.open(options)).fetch(never);
  repository.write('site.yaml', 'id: two\n');
  grow(repository);
  const second = repository.commit('second');
  repository.push();
  return { repository, first, second, options };
}

/** The fetch is refused and leaves nothing; then a good one works. */
async function refused(
  { first, second, options }: Awaited<ReturnType<typeof behind>>,
  changed: Partial<RepositoryOptions>,
  code: string,
): Promise<void> {
  const before = filesIn(options.folder);
  const clone = await lab.open({ ...options, ...changed });
  assert.is(await failure(clone.fetch(never, [first])), code);
  assert.equal(filesIn(options.folder), before, 'nothing is left behind');
  assert.ok(await clone.has(first));
  assert.not.ok(await clone.has(second));
  const good = await lab.open(options);
  assert.is(await good.fetch(never, [first]), second);
}

test('more bytes, more objects, larger objects than are taken', async () => {
  const blob = (repository: TestRepository): void => repository.write('zeros', Buffer.alloc(1 << 20));
  for (const [limit, code] of [
    [{ maxPackBytes: 1200 }, 'too-large'],
    [{ maxObjects: 3 }, 'too-many-objects'],
    [{ maxObjectBytes: 1_000_000 }, 'too-large'],
    [{ maxInflatedBytes: 1_000_000 }, 'too-large'],
  ] as const) {
    await refused(await behind(blob), limit, code);
  }
});

test('a pack is refused while it streams in, as soon as it says how many objects it holds', async () => {
  const state = await behind();
  let closed: Promise<unknown> | undefined;
  const endless = await lab.fronts.serve(async (request, response) => {
    if (request.method === 'GET') {
      const answer = await fetch(lab.host.url + request.url);
      response.writeHead(200, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
      return;
    }
    const head = Buffer.from('PACK\0\0\0\x02\x00\xff\xff\xff', 'latin1');
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
    response.write(Buffer.concat([Buffer.from('0008NAK\n0011\x01'), head]));
    closed = once(response, 'close');
  });
  await refused(state, { url: endless + new URL(state.options.url).pathname }, 'too-many-objects');
  await closed;
});

test('a list of too many branches and tags, but as many other refs as the host likes', async () => {
  const state = await behind();
  const { repository, second } = state;
  const refs = (prefix: string, count: number): string =>
    Array.from({ length: count }, (_, number) => `create ${prefix}${number} ${second}\n`).join('');
  const update = (input: string): void => {
    execFileSync('git', ['update-ref', '--stdin'], { cwd: repository.bare, env: gitEnvironment, input });
  };
  update(refs('refs/pull/', 600));
  const clone = await lab.open({ ...state.options, folder: lab.folder(), maxRefs: 100 });
  assert.is(await clone.fetch(never), second);
  await refused(state, { maxRefsBytes: 20_000 }, 'too-large');
  const crowded = await behind();
  const { bare } = crowded.repository;
  const heads = Array.from({ length: 60 }, (_, number) => `create refs/heads/${number} ${crowded.first}\n`).join('');
  const tags = Array.from({ length: 60 }, (_, number) => `create refs/tags/${number} ${crowded.first}\n`).join('');
  execFileSync('git', ['update-ref', '--stdin'], { cwd: bare, env: gitEnvironment, input: heads + tags });
  await refused(crowded, { maxRefs: 100 }, 'too-many-refs');
});

/** Change the pack in an answer of one or more packets. */
function changed(edit: (pack: Buffer) => Buffer): (answer: Buffer) => Buffer {
  return (answer) => {
    const pack: Buffer[] = [];
    for (let at = 0; at < answer.length; ) {
      const length = Number.parseInt(answer.toString('latin1', at, at + 4), 16);
      if (answer[at + 4] === 1) pack.push(answer.subarray(at + 5, at + length));
      at += Math.max(4, length);
    }
    const edited = edit(Buffer.concat(pack));
    const head = `0008NAK\n${(edited.length + 5).toString(16).padStart(4, '0')}\x01`;
    return Buffer.concat([Buffer.from(head, 'latin1'), edited, Buffer.from('0000')]);
  };
}

test('a pack that arrives cut off or changed', async () => {
  const flip = (at: number) => (pack: Buffer) => {
    pack[at] = (pack[at] ?? 0) ^ 1;
    return pack;
  };
  const edits: readonly ((pack: Buffer) => Buffer)[] = [
    flip(3),
    flip(11),
    flip(20),
    (pack) => flip(pack.length - 1)(pack),
    (pack) => pack.subarray(0, -1),
    (pack) => pack.subarray(0, 30),
    (pack) => pack.subarray(0, 11),
    () => Buffer.alloc(0),
    (pack) => Buffer.concat([pack, deflateSync('more')]),
  ];
  const state = await behind();
  const before = filesIn(state.options.folder);
  for (const [number, edit] of edits.entries()) {
    const front = await lab.fronts.pass(lab.host.url, {
      change: (answer, { method }) => (method === 'POST' ? changed(edit)(answer) : answer),
    });
    const clone = await lab.open({ ...state.options, url: front.url + new URL(state.options.url).pathname });
    assert.is(await failure(clone.fetch(never, [state.first])), 'corrupt', `edit ${number}`);
    assert.equal(filesIn(state.options.folder), before);
  }
  assert.is(await (await lab.open(state.options)).fetch(never), state.second);
});

test('a full disk is told as such, and the clone goes on to be of use', async () => {
  const state = await behind();
  const { first, second, options } = state;
  const folder = join(options.folder, 'clone-1/objects/pack');
  const clone = await lab.open(options);
  for (const name of ['incoming.pack', 'incoming.idx']) {
    // Whatever is written there fails as it does on a disk without room (full(4)).
    symlinkSync('/dev/full', join(folder, name));
    assert.is(await failure(clone.fetch(never, [first])), 'disk-full');
    assert.equal(clone.sources[0]?.state, 'failed');
    assert.ok(await clone.has(first));
    assert.not.ok(await clone.has(second));
  }
  assert.is(await clone.fetch(never, [first]), second);
});

test('no room to put packs together', async () => {
  const { first, second, options } = await behind();
  const clone = await lab.open({ ...options, maxPacks: 1 });
  assert.is(await clone.fetch(never, [first]), second);
  const before = filesIn(options.folder);
  symlinkSync('/dev/full', join(options.folder, 'clone-1/objects/pack/incoming.pack'));
  assert.is(await clone.fetch(never, [second]), second);
  assert.equal(filesIn(options.folder), before, 'they stay as they are');
  assert.is(await clone.fetch(never, [second]), second);
  assert.is(filesIn(options.folder).filter((file) => file.endsWith('.pack')).length, 1);
});

test('no room for what is kept beside objects', async () => {
  const { first, second, options } = await behind();
  const file = join(options.folder, 'clone-1/packed-refs.new');
  symlinkSync('/dev/full', file);
  const clone = await lab.open(options);
  assert.is(await failure(clone.fetch(never, [first])), 'disk-full');
  rmSync(file, { force: true });
  assert.is(await clone.fetch(never, [first]), second);
});

test('a repository in the SHA-256 format', async () => {
  const bare = join(lab.fixture.root, 'sha256.git');
  const work = join(lab.fixture.root, 'sha256');
  mkdirSync(work);
  const git = (cwd: string, ...args: string[]): void => {
    execFileSync('git', args, { cwd, env: gitEnvironment, stdio: 'ignore' });
  };
  git(lab.fixture.root, 'init', '-q', '--bare', '--object-format=sha256', '-b', 'main', bare);
  git(work, 'init', '-q', '--object-format=sha256', '-b', 'main');
  git(work, 'commit', '-q', '--allow-empty', '-m', 'first');
  git(work, 'push', '-q', bare, 'main');
  const clone = await lab.open({ url: `${lab.host.url}/sha256.git` });
  assert.is(await failure(clone.fetch(never)), 'server-error');
  assert.match(clone.sources[0]?.error?.message ?? '', 'sha256 format, not in SHA-1');
});

test('many small packs become one, and nothing is lost', async () => {
  const { repository, first, options } = await behind();
  const clone = await Repository.open({ ...options, maxPacks: 2 });
  const heads = [first];
  for (let number = 0; number < 6; number += 1) {
    repository.write('racks/r0.yaml', `number: ${number}\n`);
    heads.push(repository.commit(`change ${number}`));
    repository.push();
    await clone.fetch(never);
  }
  clone.close();
  const packs = filesIn(options.folder).filter((file) => file.endsWith('.pack'));
  assert.ok(packs.length <= 3, `${packs.length} packs`);
  const cwd = join(options.folder, 'clone-1');
  execFileSync('git', ['fsck', '--full', '--strict'], { cwd, env: gitEnvironment, stdio: 'ignore' });
  const reopened = await lab.open(options);
  for (const head of heads) assert.equal(Buffer.from(await reopened.commit(head)), repository.object(head));
});

test.run();
