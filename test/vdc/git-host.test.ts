import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type GitHost, type GitHostOptions, serveGit } from '../../vdc/git-host.ts';
import { GitFixture, gitEnvironment } from '../git.ts';

const fixture = new GitFixture();
const hosts: GitHost[] = [];
test.after(async () => {
  for (const host of hosts) await host.close();
  fixture.remove();
});

const repository = fixture.repository();
repository.write('site.yaml', 'id: one\n');
// Does not shrink, and does not fit into the buffers of pipes and sockets.
repository.write('large', Buffer.from(Array.from({ length: 3 << 20 }, (_, index) => (index * index * 31) >> 7)));
const first = repository.commit('first');
repository.push();

async function serve(options: Partial<GitHostOptions> = {}): Promise<GitHost> {
  const host = await serveGit({ root: fixture.root, host: '127.0.0.1', port: 0, ...options });
  hosts.push(host);
  return host;
}

const run = promisify(execFile);

/** Run git without blocking the host, which lives in this process. */
async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], { cwd, env: gitEnvironment });
  return stdout.trim();
}

async function fails(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return String(error);
  }
  throw new Error('it did not fail');
}

test('git clones, and fetches what is new', async () => {
  const { url } = await serve();
  const copy = join(fixture.root, 'copy');
  await git(fixture.root, 'clone', '-q', `${url}/site.git`, copy);
  assert.is(await git(copy, 'rev-parse', 'HEAD'), first);
  assert.equal(readFileSync(join(copy, 'large')), readFileSync(join(repository.work, 'large')));
  const second = repository.commit('second');
  repository.push();
  await git(copy, '-c', 'protocol.version=0', 'fetch', '-q');
  assert.is(await git(copy, 'rev-parse', 'origin/main'), second);
});

test('pushes are refused unless they are allowed', async () => {
  const closed = await serve();
  const open = await serve({ allowPush: true });
  const copy = join(fixture.root, 'pusher');
  await git(fixture.root, 'clone', '-q', repository.bare, copy);
  await git(copy, 'commit', '-q', '--allow-empty', '-m', 'pushed');
  const head = await git(copy, 'rev-parse', 'HEAD');
  assert.match(await fails(git(copy, 'push', '-q', `${closed.url}/site.git`, 'HEAD:main')), /403/);
  assert.is.not(repository.git('ls-remote', 'origin', 'main').slice(0, 40), head);
  await git(copy, 'push', '-q', `${open.url}/site.git`, 'HEAD:main');
  assert.is(repository.git('ls-remote', 'origin', 'main').slice(0, 40), head);
  repository.git('fetch', '-q');
});

test('a request body may be compressed', async () => {
  const { url } = await serve();
  const want = `want ${first} no-progress\n`;
  const body = gzipSync(`${(want.length + 4).toString(16).padStart(4, '0')}${want}00000009done\n`);
  const headers = { 'content-type': 'application/x-git-upload-pack-request', 'content-encoding': 'gzip' };
  const response = await fetch(`${url}/site.git/git-upload-pack`, { method: 'POST', body, headers });
  assert.is(response.status, 200);
  assert.is(response.headers.get('content-type'), 'application/x-git-upload-pack-result');
  const answer = Buffer.from(await response.arrayBuffer());
  assert.is(answer.toString('latin1', 0, 12), '0008NAK\nPACK');
});

test('nothing but the repositories below its root is served', async () => {
  const { url } = await serve({ root: join(fixture.root, 'site.git') });
  const statuses = new Map<string, number>();
  for (const path of [
    '/info/refs',
    '/HEAD',
    '/%2e%2e/site/.git/HEAD',
    '/..%2fsite.git/HEAD',
    '/%zz',
    '/%00',
    '/none',
  ]) {
    statuses.set(path, (await fetch(url + path)).status);
  }
  assert.equal(
    [...statuses.values()].slice(2).filter((status) => status < 400),
    [],
  );
  assert.is(statuses.get('/HEAD'), 200, 'the root itself is a repository');
});

test('a client that goes away, and closing, leave no process behind', async () => {
  const host = await serve();
  const { hostname, port } = new URL(host.url);
  const gone = connect(Number(port), hostname);
  await once(gone, 'connect');
  const head = 'POST /site.git/git-upload-pack HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n';
  gone.write(`${head}content-type: application/x-git-upload-pack-request\r\n\r\n0032want`);
  await until(() => backends() > 0);
  gone.destroy();
  await until(() => backends() === 0);
  const waiting = connect(Number(port), hostname);
  waiting.on('error', () => undefined);
  await once(waiting, 'connect');
  waiting.write(`${head}content-type: application/x-git-upload-pack-request\r\n\r\n0032want`);
  await until(() => backends() > 0);
  await host.close();
  assert.is(backends(), 0);
  assert.match(await fails(fetch(`${host.url}/site.git/HEAD`)), /fetch failed/);
  await host.close();
});

test('a signal closes it', async () => {
  const abort = new AbortController();
  const { url } = await serve({ signal: abort.signal });
  assert.is((await fetch(`${url}/site.git/HEAD`)).status, 200);
  abort.abort();
  assert.match(await fails(fetch(`${url}/site.git/HEAD`)), /fetch failed/);
});

/** How many processes serve this test's repositories: they are known by the root in their environment. */
function backends(): number {
  let count = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      if (environment.includes(`GIT_PROJECT_ROOT=${fixture.root}`)) count += 1;
    } catch {
      // It ended while we looked.
    }
  }
  return count;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition never came true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test.run();
