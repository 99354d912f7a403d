// The site repo's history on a server: what is fetched, what is refused, and how a damaged clone heals.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Repository, type RepositoryOptions } from '../../../reconciler/source/repository.ts';
import { type GitHost, serveGit } from '../../../vdc/git-host.ts';
import { GitFixture, gitEnvironment, type TestRepository } from '../../git.ts';
import { failure, never } from './pull/pull-lab.ts';

const fixture = new GitFixture();
const servers: Server[] = [];
let host: GitHost;
let made = 0;

test.before(async () => {
  host = await serveGit({ root: fixture.root, host: '127.0.0.1', port: 0 });
});

test.after(async () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  await host.close();
  fixture.remove();
});

/** A repository with one commit, and where a clone of it goes. */
function remote(): { readonly repository: TestRepository; readonly options: RepositoryOptions } {
  made += 1;
  const repository = fixture.repository(`site${made}`);
  repository.write('site.yaml', 'id: one\n');
  repository.write('racks/r0.yaml', 'number: 0\n');
  repository.commit('first');
  repository.push();
  const folder = join(fixture.root, `clones${made}`);
  return { repository, options: { folder, url: `${host.url}/site${made}.git`, branch: 'main' } };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A host that passes everything on, but for packs, which it may change. */
async function proxy(change: (answer: Buffer) => Buffer, length?: number): Promise<string> {
  return serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const query = request.method === 'POST' ? { method: 'POST', body: Buffer.concat(chunks), headers } : {};
    const upstream = await fetch(host.url + request.url, query);
    const answer = Buffer.from(await upstream.arrayBuffer());
    const changed = request.method === 'POST' ? change(answer) : answer;
    const announced = request.method === 'POST' && length !== undefined ? { 'content-length': length } : {};
    const type = upstream.headers.get('content-type') ?? '';
    response.writeHead(upstream.status, { 'content-type': type, ...announced });
    if (announced['content-length'] === undefined) response.end(changed);
    else response.write(changed, () => response.destroy());
  });
}

function clones(options: RepositoryOptions): string[] {
  return readdirSync(options.folder).sort();
}

function packs(options: RepositoryOptions, ending = '.pack'): string[] {
  const folder = join(options.folder, clones(options).at(-1) ?? '', 'objects/pack');
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function objectsIn(pack: string): number {
  return readFileSync(pack).readUInt32BE(8);
}

test('what is fetched is what was pushed', async () => {
  const { repository, options } = remote();
  const clone = await Repository.open(options);
  const head = await clone.fetch(never);
  assert.is(head, repository.head());
  assert.equal(Buffer.from(await clone.commit(head)), repository.object(head));
  const root = await clone.tree(repository.git('rev-parse', 'HEAD^{tree}'));
  assert.equal(
    root.map(({ name, mode }) => `${mode} ${name}`),
    ['40000 racks', '100644 site.yaml'],
  );
  assert.is(Buffer.from(await clone.blob(root[1]?.oid ?? '')).toString(), 'id: one\n');
  assert.ok(await clone.has(head));
  assert.not.ok(await clone.has('1'.repeat(40)));
  const [folder = ''] = clones(options);
  const cwd = join(options.folder, folder);
  execFileSync('git', ['fsck', '--full', '--strict'], { cwd, env: gitEnvironment, stdio: 'ignore' });
});

test('only what is new travels', async () => {
  const { repository, options } = remote();
  const clone = await Repository.open(options);
  await clone.fetch(never);
  const before = packs(options);
  assert.is(await clone.fetch(never), repository.head());
  assert.equal(packs(options), before, 'nothing new brings no pack');
  repository.write('racks/r1.yaml', 'number: 1\n');
  repository.git('branch', 'aside');
  const head = repository.commit('second');
  repository.push();
  repository.write('secret-plan', 'x');
  const aside = repository.commit('on another branch');
  repository.git('push', '-q', 'origin', 'HEAD:refs/heads/aside');
  // A new process goes on from what the last one left.
  const reopened = await Repository.open(options);
  assert.is(await reopened.fetch(never), head);
  const added = packs(options).filter((pack) => !before.includes(pack));
  assert.equal(added.map(objectsIn), [4], 'a commit, two trees and a blob');
  assert.not.ok(await reopened.has(aside));
});

test('a tag or a branch of a like name does not stand in for the branch', async () => {
  const { repository, options } = remote();
  const head = repository.head();
  repository.commit('elsewhere');
  repository.git('push', '-q', 'origin', 'HEAD:refs/tags/main', 'HEAD:refs/heads/refs/heads/main');
  assert.is(await (await Repository.open(options)).fetch(never), head);
});

test('a branch that was forced back is followed, and nothing is lost', async () => {
  const { repository, options } = remote();
  const first = repository.head();
  const second = repository.commit('second');
  repository.push();
  const clone = await Repository.open(options);
  assert.is(await clone.fetch(never), second);
  repository.push(first);
  assert.is(await clone.fetch(never), first);
  assert.ok(await clone.has(second));
});

test('what cannot be fetched says why', async () => {
  const { repository, options } = remote();
  fixture.repository('void');
  const html = await serve((_, response) => response.end('<html>Sign in</html>'));
  const broken = await serve((_, response) => response.writeHead(500).end());
  const gone = await serve((_, response) => response.end());
  servers.at(-1)?.close();
  const silent = await serve(() => undefined);
  const cases: readonly [Partial<RepositoryOptions>, string][] = [
    [{ branch: 'nowhere' }, 'no-branch'],
    [{ url: `${host.url}/void.git` }, 'no-branch'],
    [{ url: `${host.url}/nothing.git` }, 'no-repository'],
    [{ url: `${html}/site.git` }, 'server-error'],
    [{ url: `${broken}/site.git` }, 'server-error'],
    [{ url: `${gone}/site.git` }, 'unreachable'],
    [{ url: `${silent}/site.git`, idleTimeoutMs: 20 }, 'unreachable'],
    [{ maxPackBytes: 100 }, 'too-large'],
    [{ url: 'ssh://git@127.0.0.1/site.git' }, 'bad-url'],
    [{ url: `${host.url.replace('//', '//me:secret@')}/site.git` }, 'bad-url'],
    [{ url: 'site.git' }, 'bad-url'],
  ];
  for (const [changed, code] of cases) {
    const opened = Repository.open({ ...options, ...changed });
    assert.is(await failure(opened.then((clone) => clone.fetch(never))), code, JSON.stringify(changed));
  }
  assert.is(await (await Repository.open(options)).fetch(never), repository.head());
});

test('credentials are sent as the server wants them, and refused ones say so', async () => {
  const { repository, options } = remote();
  const path = new URL(options.url).pathname;
  const basic = `Basic ${Buffer.from('x-access-token:t0ken').toString('base64')}`;
  const guarded = await serve((request, response) => {
    if (request.headers.authorization === 'Bearer t0ken' || request.headers.authorization === basic) {
      response.writeHead(307, { location: host.url + request.url }).end();
    } else response.writeHead(401).end();
  });
  const url = guarded + path;
  const open = (credentials?: RepositoryOptions['credentials']): Promise<Repository> =>
    Repository.open({ ...options, url, ...(credentials ? { credentials } : {}) });
  assert.is(await failure((await open()).fetch(never)), 'access-denied');
  assert.is(await failure((await open({ kind: 'bearer', token: 'wrong' })).fetch(never)), 'access-denied');
  // Who is let through is sent elsewhere.
  assert.is(await (await open({ kind: 'bearer', token: 't0ken' })).fetch(never), repository.head());
  const password = { kind: 'basic', username: 'x-access-token', password: 't0ken' } as const;
  assert.is(await (await open(password)).fetch(never), repository.head());
});

test('an aborted fetch ends with the reason of its signal', async () => {
  const { options } = remote();
  const abort = new AbortController();
  const silent = await serve(() => abort.abort(new Error('shutting down')));
  const clone = await Repository.open({ ...options, url: `${silent}/site.git` });
  try {
    await clone.fetch(abort.signal);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'shutting down');
  }
});

test('a pack that arrives cut off or changed is refused, and the old state stays', async () => {
  const { repository, options } = remote();
  const clone = await Repository.open(options);
  const head = await clone.fetch(never);
  const path = new URL(options.url).pathname;
  repository.write('site.yaml', 'id: two\n');
  const next = repository.commit('second');
  repository.push();
  const inPack = (answer: Buffer): number => answer.indexOf('PACK') + 20;
  const flipped = await proxy((answer) => {
    answer[inPack(answer)] = (answer[inPack(answer)] ?? 0) ^ 0xff;
    return answer;
  });
  const cut = await proxy((answer) => answer.subarray(0, inPack(answer)), 4096);
  const ended = await proxy((answer) => answer.subarray(0, answer.length - 30));
  const refusing = await proxy(() => Buffer.from('0008NAK\n0016\u0003access revoked\n0000'));
  for (const [url, code] of [
    [flipped, 'corrupt'],
    [cut, 'unreachable'],
    [ended, 'corrupt'],
    [refusing, 'server-error'],
  ]) {
    const through = await Repository.open({ ...options, url: `${url}${path}` });
    assert.is(await failure(through.fetch(never)), code);
    assert.equal(Buffer.from(await through.commit(head)), repository.object(head));
    assert.not.ok(await through.has(next));
  }
  const mended = await Repository.open(options);
  assert.is(await mended.fetch(never), next);
  assert.equal(Buffer.from(await mended.commit(next)), repository.object(next));
});

/** Swap the places of the first two objects in a pack's index, which nothing but the objects' names contradicts. */
function swapFirstTwo(index: string): void {
  const bytes = readFileSync(index);
  const count = bytes.readUInt32BE(8 + 255 * 4);
  const offsets = 8 + 256 * 4 + count * 24;
  const [first, second] = [bytes.readUInt32BE(offsets), bytes.readUInt32BE(offsets + 4)];
  bytes.writeUInt32BE(second, offsets);
  bytes.writeUInt32BE(first, offsets + 4);
  createHash('sha1')
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20);
  writeFileSync(index, bytes);
}

const damages: readonly [name: string, damage: (options: RepositoryOptions) => void][] = [
  ['a pack with another byte', (options) => change(packs(options)[0] ?? '', (bytes) => flip(bytes, 40))],
  ['a pack cut off', (options) => change(packs(options)[0] ?? '', (bytes) => bytes.subarray(0, 60))],
  ['an empty pack', (options) => change(packs(options)[0] ?? '', () => Buffer.alloc(0))],
  ['a missing pack', (options) => rmSync(packs(options)[0] ?? '')],
  ['an index cut off', (options) => change(packs(options, '.idx')[0] ?? '', (bytes) => bytes.subarray(0, 1100))],
  ['an index that is none', (options) => change(packs(options, '.idx')[0] ?? '', () => Buffer.alloc(4000))],
  ['an index that names one object for another', (options) => swapFirstTwo(packs(options, '.idx')[0] ?? '')],
  ['no configuration', (options) => rmSync(join(options.folder, clones(options).at(-1) ?? '', 'config'))],
  ['nothing but a folder', (options) => empty(join(options.folder, clones(options).at(-1) ?? ''))],
];

function change(file: string, edit: (bytes: Buffer) => Buffer): void {
  writeFileSync(file, edit(readFileSync(file)));
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
}

for (const [name, damage] of damages) {
  test(`damage heals with the next fetches: ${name}`, async () => {
    const { repository, options } = remote();
    await (await Repository.open(options)).fetch(never);
    const list = repository.git('rev-list', '--objects', '--no-object-names', '--all');
    const objects = repository.gitWith(list, 'cat-file', '--batch-check=%(objectname) %(objecttype)').split('\n');
    damage(options);
    const clone = await Repository.open(options);
    const read = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const [oid = '', type] of objects.map((object) => object.split(' '))) {
        found.push(await failure(clone[type as 'commit' | 'tree' | 'blob'](oid)));
      }
      return found;
    };
    const harmed = new Set(await read());
    assert.is(harmed.has('corrupt-object') || harmed.has('missing-object'), name !== 'no configuration');
    await clone.fetch(never);
    assert.equal(new Set(await read()), new Set(['nothing thrown']));
    await clone.fetch(never);
    assert.is(clones(options).length, 1, 'what was damaged is gone');
  });
}

test('a damaged clone is not made anew at the price of a commit to keep', async () => {
  const { repository, options } = remote();
  const first = repository.head();
  repository.write('racks/r1.yaml', 'number: 1\n');
  const accepted = repository.commit('second');
  repository.push();
  await (await Repository.open(options)).fetch(never);
  const blob = repository.git('rev-parse', 'HEAD:racks/r1.yaml');
  const [pack = ''] = packs(options);
  const listed = repository.git('verify-pack', '-v', pack.replace(/pack$/, 'idx'));
  const offset = Number(new RegExp(`^${blob} blob +\\d+ \\d+ (\\d+)$`, 'm').exec(listed)?.[1]);
  change(pack, (bytes) => flip(bytes, offset + 3));
  repository.checkout(first);
  repository.commit('another second');
  repository.push();
  const clone = await Repository.open(options);
  assert.is(await failure(clone.blob(blob)), 'corrupt-object');
  assert.is(await failure(clone.fetch(never, [accepted])), 'corrupt');
  assert.ok(await clone.has(accepted));
  repository.push(accepted);
  assert.is(await clone.fetch(never, [accepted]), accepted);
  assert.is(Buffer.from(await clone.blob(blob)).toString(), 'number: 1\n');
});

test('refs that cannot be read are not taken for none', async () => {
  const { options } = remote();
  await (await Repository.open(options)).fetch(never);
  const refs = join(options.folder, 'clone-1', 'packed-refs');
  rmSync(refs);
  // Whatever it is that keeps a file from being read; by root, permissions do not.
  mkdirSync(refs);
  try {
    await Repository.open(options);
    assert.unreachable();
  } catch (error) {
    assert.is((error as NodeJS.ErrnoException).code, 'EISDIR');
  }
});

test('fetches that are asked for at once come one after the other', async () => {
  const { repository, options } = remote();
  const clone = await Repository.open(options);
  const heads = await Promise.all([clone.fetch(never), clone.fetch(never), clone.fetch(never)]);
  assert.equal(heads, Array(3).fill(repository.head()));
  assert.equal(clones(options), ['clone-1']);
});

test('before the first fetch there is nothing to read', async () => {
  const { repository, options } = remote();
  const clone = await Repository.open(options);
  assert.not.ok(await clone.has(repository.head()));
  assert.is(await failure(clone.commit(repository.head())), 'missing-object');
});

test('an object is only what it is asked for as', async () => {
  const { repository, options } = remote();
  const clone = await Repository.open({ ...options, cacheBytes: 10 });
  const head = await clone.fetch(never);
  assert.is(await failure(clone.blob(head)), 'missing-object');
  assert.is(await failure(clone.commit(repository.git('rev-parse', 'HEAD^{tree}'))), 'missing-object');
  assert.equal(Buffer.from(await clone.commit(head)), repository.object(head));
});

test.run();
