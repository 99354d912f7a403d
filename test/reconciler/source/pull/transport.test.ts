// How a source is reached: redirects, credentials, proxies, certificates, time limits.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GitCredentials } from '../../../../reconciler/source/git-http.ts';
import { remotesOf } from '../../../../reconciler/source/pull/pull-options.ts';
import { type Certificate, makeCertificate } from './git-fronts.ts';
import { failure, never, PullLab } from './pull-lab.ts';

let lab: PullLab;
let certificate: Certificate;
test.before(async () => {
  lab = await PullLab.start();
  certificate = makeCertificate(lab.fixture.root);
});
test.after(() => lab.stop());
test.after.each(() => {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) delete process.env[name];
});

const token: GitCredentials = { kind: 'bearer', token: 't0ken' };

async function redirecting(to: string, from?: Certificate): Promise<string> {
  return lab.fronts.serve((request, response) => {
    response.writeHead(301, { location: to + (request.url ?? '') }).end('moved');
  }, from);
}

test('a redirect is followed, and credentials stay behind on another host', async () => {
  const { repository, path } = lab.remote();
  const target = await lab.fronts.pass(lab.host.url);
  const moved = await redirecting(target.url);
  const clone = await lab.open({ url: moved + path, credentials: token });
  assert.is(await clone.fetch(never), repository.head());
  assert.equal(
    target.seen.map(({ method, authorization }) => [method, authorization]),
    [
      ['GET', undefined],
      ['POST', undefined],
    ],
  );
});

test('a redirect on the same host keeps them', async () => {
  const { repository, path } = lab.remote();
  const target = await lab.fronts.pass(lab.host.url);
  const front = await lab.fronts.serve(async (request, response) => {
    const { url = '', headers } = request;
    if (url.startsWith('/old')) {
      response.writeHead(302, { location: url.slice(4) }).end();
      return;
    }
    if (headers.authorization !== 'Bearer t0ken') {
      response.writeHead(401).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const type = { 'content-type': headers['content-type'] ?? '' };
    const query = request.method === 'POST' ? { method: 'POST', body: Buffer.concat(chunks), headers: type } : {};
    const answer = await fetch(target.url + url, query);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const clone = await lab.open({ url: `${front}/old${path}`, credentials: token });
  assert.is(await clone.fetch(never), repository.head());
  assert.is(await failure((await lab.open({ url: `${front}/old${path}` })).fetch(never)), 'access-denied');
});

test('redirects that lead nowhere, or from https to http, are refused', async () => {
  const { path } = lab.remote();
  const loop: string = await lab.fronts.serve((request, response) => {
    response.writeHead(302, { location: request.url }).end();
  });
  const login = await lab.fronts.serve((_, response) => response.writeHead(302, { location: 'ftp://x/y' }).end());
  const down = await redirecting(lab.host.url, certificate);
  const { ca } = certificate;
  for (const [url, why] of [
    [loop, 'redirects more than 5 times'],
    [login, 'redirects to what is no http or https URL'],
    [down, 'redirects from https to http, which is not followed'],
  ] as const) {
    const clone = await lab.open({ url: url + path, ca, credentials: token });
    assert.is(await failure(clone.fetch(never)), 'server-error');
    assert.match(clone.sources[0]?.error?.message ?? '', why);
  }
});

test('a token goes to the host of the first source only', () => {
  const urls = [
    '/media/site.bundle',
    'https://git.example/a.git',
    'https://git.example/b.git',
    'http://git.example/a.git',
  ];
  const remotes = remotesOf([...urls, 'https://mirror.example/a.git'], { credentials: token, proxy: 'http://p:1' });
  assert.equal(
    remotes.map(({ credentials, proxy }) => [credentials?.kind, proxy]),
    [undefined, 'bearer', 'bearer', undefined, undefined].map((kind) => [kind, 'http://p:1']),
  );
});

test('certificates of an authority of one’s own', async () => {
  const { repository, path } = lab.remote();
  const { url } = await lab.fronts.pass(lab.host.url, { certificate });
  const unknown = await lab.open({ url: url + path });
  assert.is(await failure(unknown.fetch(never)), 'unreachable');
  assert.match(unknown.sources[0]?.error?.message ?? '', /certificate/);
  const known = await lab.open({ url: url + path, ca: certificate.ca });
  assert.is(await known.fetch(never), repository.head());
  // A name that the certificate is not for.
  const named = await lab.open({ url: url.replace('127.0.0.1', 'localhost') + path, ca: certificate.ca });
  assert.is(await failure(named.fetch(never)), 'unreachable');
  const broken = certificate.ca.toString('latin1').replace(/\n[A-Za-z0-9+/]{8}/, '\nAAAAAAAA');
  for (const ca of ['', 'no PEM', certificate.key.toString('latin1'), broken]) {
    assert.is(await failure(lab.open({ url: url + path, ca: Buffer.from(ca) })), 'bad-url');
  }
});

for (const scheme of ['http', 'https']) {
  test(`through a proxy that wants a password: ${scheme}`, async () => {
    const { repository, path } = lab.remote();
    const options = scheme === 'https' ? { certificate } : {};
    const { url } = await lab.fronts.pass(lab.host.url, options);
    const proxy = await lab.fronts.proxy({ password: 'ada:s3cret' });
    const open = async (through: string): Promise<string> => {
      const clone = await lab.open({ url: url + path, ca: certificate.ca, proxy: through });
      return clone.fetch(never);
    };
    assert.is(await open(proxy.url.replace('//', '//ada:s3cret@')), repository.head());
    assert.ok(proxy.tunnels.length > 0 && proxy.tunnels.every((to) => to === new URL(url).host));
    assert.is(await failure(open(proxy.url)), 'unreachable');
    assert.is(await failure(open('http://127.0.0.1:1')), 'unreachable');
    assert.is(await failure(open('ftp://127.0.0.1:1')), 'bad-url');
    assert.is(await failure(open('127.0.0.1')), 'bad-url');
  });
}

test('through the proxy that the environment names, unless it says not to, or the host is this machine', async () => {
  const { repository, path } = lab.remote();
  const { url } = await lab.fronts.pass(lab.host.url, { certificate });
  const proxy = await lab.fronts.proxy({ to: url });
  const fetch = async (from: string): Promise<string> =>
    (await lab.open({ url: from + path, ca: certificate.ca, connectTimeoutMs: 2000 })).fetch(never);
  process.env.HTTPS_PROXY = proxy.url;
  assert.is(await fetch('https://git.test'), repository.head());
  assert.is(proxy.tunnels[0], 'git.test:443');
  const used = proxy.tunnels.length;
  assert.is(await fetch(url), repository.head());
  for (const unproxied of ['other.test,git.test', '*']) {
    process.env.NO_PROXY = unproxied;
    // Nothing else knows the name.
    assert.is(await failure(fetch('https://git.test')), 'unreachable');
  }
  assert.is(proxy.tunnels.length, used);
  process.env.HTTPS_PROXY = 'proxy 3128';
  assert.is(await failure(fetch(url)), 'bad-url');
});

test('a server that is silent, or never comes to an end, is given up', async () => {
  const silent = await lab.fronts.serve(() => undefined);
  const endless = await lab.fronts.serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
    const timer = setInterval(() => response.write('0000'), 5);
    response.once('close', () => clearInterval(timer));
  });
  const idle = await lab.open({ url: `${silent}/site.git`, idleTimeoutMs: 50 });
  assert.is(await failure(idle.fetch(never)), 'unreachable');
  const slow = await lab.open({ url: `${endless}/site.git`, totalTimeoutMs: 100 });
  assert.is(await failure(slow.fetch(never)), 'unreachable');
  assert.match(slow.sources[0]?.error?.message ?? '', 'takes more than 0.1 s');
});

test('an error that the server words is passed on, harmless', async () => {
  const type = { 'content-type': 'application/x-git-upload-pack-advertisement' };
  const rude = await lab.fronts.serve((_, response) => {
    const text = 'ERR go \u001b[31maway\n';
    response.writeHead(200, type).end(`${(text.length + 4).toString(16).padStart(4, '0')}${text}`);
  });
  const clone = await lab.open({ url: `${rude}/site.git` });
  assert.is(await failure(clone.fetch(never)), 'server-error');
  assert.is(clone.sources[0]?.error?.message, String.raw`the server says: "go \u001b[31maway"`);
});

test.run();
