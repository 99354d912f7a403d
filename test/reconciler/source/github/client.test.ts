// The client against a server that limits, fails, hangs and is away. A second lasts ten milliseconds here.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GitHub } from '../../../../reconciler/source/github/api.ts';
import { connectGitHub } from '../../../../reconciler/source/github/client.ts';
import { troubleOf } from '../../../../reconciler/source/github/trouble.ts';
import { eventually } from '../../../eventually.ts';
import { FakeGitHub } from './fake-github.ts';

const repository = { owner: 'acme', repo: 'site' };
const status = { ...repository, sha: 'a'.repeat(40), state: 'success', context: 'berth/x' } as const;
const postStatus = 'POST /repos/{owner}/{repo}/statuses/{sha}';

interface Context {
  fake: FakeGitHub;
  clients: GitHub[];
}

// Each test has its own.
const test = suite<Context>('client', {} as Context);

test.before.each(async (context) => {
  context.fake = await FakeGitHub.start();
  context.clients = [];
});
test.after.each(async ({ fake, clients }) => {
  for (const client of clients) await client.close();
  await fake.close();
  assert.equal(fake.complaints, []);
});

test('writes go at the pace that GitHub asks for', async ({ fake, clients }) => {
  const client = fake.client({ secondMs: 100 });
  clients.push(client);
  await Promise.all([1, 2, 3].map(() => client.api.repos.createCommitStatus(status)));
  const [first, , third] = fake.requests;
  // The first one is late by the time that it takes to connect.
  assert.ok((third?.atMs ?? 0) - (first?.atMs ?? 0) >= 100, 'two seconds pass from the first to the third');
});

test('a secondary limit is waited for as long as GitHub says', async ({ fake, clients }) => {
  const waits: string[] = [];
  const client = fake.client({ onWait: (why) => waits.push(why) });
  clients.push(client);
  fake.fail({ status: 403, headers: { 'retry-after': '7' }, message: 'You have exceeded a secondary rate limit' });
  await client.api.repos.createCommitStatus(status);
  const [first, second] = fake.requests;
  assert.is(fake.requests.length, 2);
  assert.ok((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 69, 'waits seven of its seconds');
  assert.equal(waits, ["GitHub's secondary rate limit is reached: going on in 7 s"]);
  assert.is(fake.repository.statuses.length, 1);
});

for (const code of [403, 429]) {
  test(`a primary limit (${code}) is waited for until its reset`, async ({ fake, clients }) => {
    const client = fake.client();
    clients.push(client);
    const reset = Math.ceil(Date.now() / 1000) + 5;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    fake.fail({ status: code, headers, message: 'API rate limit exceeded' });
    await client.api.repos.createCommitStatus(status);
    const [first, second] = fake.requests;
    assert.is(fake.requests.length, 2);
    assert.ok((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 50, 'waits until the reset');
  });
}

test('a limit that ends after the deadline is not waited for', async ({ fake, clients }) => {
  const client = fake.client({ deadlineSeconds: 300 });
  clients.push(client);
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 1800) };
  fake.fail({ status: 403, headers, message: 'API rate limit exceeded', times: 9 });
  const trouble = await troubleIn(client.api.repos.createCommitStatus(status));
  assert.is(trouble.kind, 'rate-limited');
  assert.ok(trouble.kind === 'rate-limited' && trouble.retryAfterSeconds > 1790);
  assert.is(fake.requests.length, 1);
});

test('a client without a deadline leaves waiting to its caller', async ({ fake, clients }) => {
  const client = fake.client({ deadlineSeconds: null });
  clients.push(client);
  fake.fail({ status: 403, headers: { 'retry-after': '7' }, message: 'You have exceeded a secondary rate limit' });
  fake.fail({ status: 502, after: 1 });
  const limited = await troubleIn(client.api.repos.createCommitStatus(status));
  assert.ok(limited.kind === 'rate-limited' && limited.retryAfterSeconds === 7);
  await client.api.repos.createCommitStatus(status);
  assert.is((await troubleIn(client.api.repos.createCommitStatus(status))).kind, 'unavailable');
  assert.is(fake.requests.length, 3);
});

test('5xx and cut connections are tried again, up to three times', async ({ fake, clients }) => {
  const client = fake.client();
  clients.push(client);
  fake.fail({ status: 500 });
  fake.fail({});
  fake.fail({ status: 503 });
  await client.api.repos.listDeployments(repository);
  assert.is(fake.requests.length, 4);
  fake.fail({ status: 502, times: 99 });
  const trouble = await troubleIn(client.api.repos.listDeployments(repository));
  assert.equal(trouble, { kind: 'unavailable', message: 'Something went wrong (502)' });
  assert.is(fake.requests.length, 8);
});

test('what GitHub declines is not tried again', async ({ fake, clients }) => {
  const client = fake.client();
  clients.push(client);
  for (const [code, kind] of [
    [401, 'not-permitted'],
    [403, 'not-permitted'],
    [404, 'not-permitted'],
    [409, 'declined'],
    [422, 'declined'],
  ] as const) {
    fake.fail({ status: code });
    assert.is((await troubleIn(client.api.repos.createCommitStatus(status))).kind, kind, String(code));
  }
  assert.is(fake.requests.length, 5);
});

test('a body that the description does not know is declined', async () => {
  const fake = await FakeGitHub.start();
  const client = fake.client();
  const misspelt = { ...status, descripton: 'x' };
  assert.is((await troubleIn(client.api.repos.createCommitStatus(misspelt))).kind, 'declined');
  assert.equal(fake.complaints, [
    `${postStatus}: body must NOT have additional properties {"additionalProperty":"descripton"}`,
  ]);
  await client.close();
  await fake.close();
});

test('work that persists looks again after a lost answer', async ({ fake, clients }) => {
  const client = fake.client();
  clients.push(client);
  fake.fail({ at: postStatus, status: 502, done: true });
  let looks = 0;
  await client.persist(async () => {
    looks += 1;
    if (fake.repository.statuses.length === 0) {
      await client.api.repos.createCommitStatus({ ...status, request: { retries: 0 } });
    }
  });
  assert.is(looks, 2);
  assert.is(fake.repository.statuses.length, 1);
});

test('the deadline ends a request that hangs, and a wait', async ({ clients }) => {
  const sockets = new Set<Socket>();
  const silent = createTcpServer((socket) => sockets.add(socket.on('error', () => {})));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const apiUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const client = connectGitHub({ apiUrl, token: 't', deadlineSeconds: 20, environment: {}, secondMs: 10 });
  clients.push(client);
  const startMs = performance.now();
  assert.is((await troubleIn(client.api.repos.createCommitStatus(status))).kind, 'aborted');
  assert.ok(performance.now() - startMs >= 190, 'waits until the deadline');
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test("the caller's signal ends a wait at once", async ({ fake, clients }) => {
  const stop = new AbortController();
  const client = fake.client({ signal: stop.signal, onWait: () => stop.abort() });
  clients.push(client);
  fake.fail({ status: 403, headers: { 'retry-after': '100' }, message: 'You have exceeded a secondary rate limit' });
  const startMs = performance.now();
  assert.is((await troubleIn(client.api.repos.createCommitStatus(status))).kind, 'aborted');
  assert.ok(performance.now() - startMs < 900, 'does not wait a hundred of its seconds');
});

test('nobody there is trouble like any other', async ({ fake, clients }) => {
  const client = fake.client({ deadlineSeconds: null });
  clients.push(client);
  await fake.close();
  const trouble = await troubleIn(client.api.repos.listDeployments(repository));
  assert.is(trouble.kind, 'unavailable');
  assert.match(trouble.message, /ECONNREFUSED/);
});

test('an Enterprise Server answers under its prefix, with or without a slash behind', async () => {
  const fake = await FakeGitHub.start('ghes-3.17');
  for (const end of ['', '/']) {
    const client = fake.client({ apiUrl: `${fake.apiUrl}${end}` });
    await client.api.repos.createCommitStatus(status);
    await client.close();
  }
  assert.is(fake.repository.statuses.length, 2);
  assert.equal(fake.complaints, []);
  await fake.close();
});

test('the proxy of the environment is used, but for hosts that it excepts', async ({ fake, clients }) => {
  const tunnels: string[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url = '' }, client: Socket) => {
    tunnels.push(url);
    const upstream = connect(fake.port, '127.0.0.1', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    upstream.pipe(client).pipe(upstream);
    for (const socket of [client, upstream]) socket.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  const through = fake.client({ apiUrl: 'http://github.test:8080', environment: { HTTP_PROXY } });
  await through.api.repos.createCommitStatus(status);
  assert.equal(tunnels, ['github.test:8080']);
  await through.close();

  const past = fake.client({ environment: { HTTP_PROXY, no_proxy: '127.0.0.1' } });
  clients.push(past);
  await past.api.repos.createCommitStatus(status);
  assert.is(tunnels.length, 1);
  assert.is(fake.repository.statuses.length, 2);
  proxy.closeAllConnections();
  proxy.close();
});

test('closing ends what waits', async ({ fake }) => {
  const client = fake.client();
  fake.fail({ status: 403, headers: { 'retry-after': '100' }, message: 'You have exceeded a secondary rate limit' });
  const waiting = troubleIn(client.api.repos.createCommitStatus(status));
  await eventually('the request is there', () => fake.requests.length === 1);
  await client.close();
  assert.is((await waiting).kind, 'aborted');
});

async function troubleIn(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    return troubleOf(error, Date.now());
  }
  throw new Error('there was no trouble');
}

test.run();
