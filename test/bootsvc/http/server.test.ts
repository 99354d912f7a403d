import { once } from 'node:events';
import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../../eventually.ts';
import { type Bench, first, startBench } from './bench.ts';
import { HttpClient } from './client.ts';

const [machine] = first.blueprint.machines.values();
const serial = machine?.serial ?? '';
const script = `/boot/${serial}/ipxe`;

const test = suite<{ bench: Bench }>('server');

test.before(async (context) => {
  context.bench = await startBench();
});

test.after(({ bench }) => bench.close());

for (const path of [
  '/',
  '/nothing',
  '//status',
  '/status/',
  '/status/machines/x',
  '/assets',
  '/assets/..%2f..',
  '/assets/../../etc/passwd',
  '/assets/..%2f..%2f..%2fetc%2fpasswd/x',
  '/assets/%2e%2e/%2e%2e',
  '/boot/../status',
  '/boot/..%2f..%2fstatus/ipxe',
  '/boot/%00/ipxe',
  '/boot/%/ipxe',
  '/boot/%ff/ipxe',
  `/boot/${serial}%2f/ipxe`,
  `/boot/${serial.toLowerCase()}/ipxe`,
  '/boot/toString/ipxe',
  '/boot/__proto__/ipxe',
  '/ignition/x',
  '/ignition/x/y/z',
  `/${'a'.repeat(10_000)}`,
]) {
  test(`nothing is at ${path.slice(0, 60)}`, async ({ bench }) => {
    const { status, headers, body } = await bench.client.ask(path);
    assert.is(status, 404);
    assert.is(headers['content-length'], String(body.length));
  });
}

for (const [path, method, allowed] of [
  ['/status', 'POST', 'GET, HEAD'],
  ['/metrics', 'DELETE', 'GET, HEAD'],
  [script, 'PUT', 'GET, HEAD'],
  [`/nodes/${serial}/report`, 'GET', 'POST'],
  [`/nodes/${serial}/report`, 'HEAD', 'POST'],
  [`/nodes/${serial}/report`, 'OPTIONS', 'POST'],
] as const) {
  test(`${method} ${path} is not allowed, ${allowed} is`, async ({ bench }) => {
    const { status, headers } = await bench.client.ask(path, { method });
    assert.is(status, 405);
    assert.is(headers.allow, allowed);
  });
}

test('every answer, good or bad, leaves the connection open for the next request', async ({ bench }) => {
  const client = new HttpClient(bench.served.httpPort);
  const answers = [
    await client.ask('/status'),
    await client.ask('/nothing'),
    await client.ask('/status', { method: 'POST', body: 'x'.repeat(100_000) }),
    await client.ask('/nodes/unknown/report', { method: 'POST', body: 'x'.repeat(100_000) }),
    await client.ask(`/nodes/${serial}/report`, { method: 'POST', body: 'x'.repeat(100_000) }),
    await client.ask(script, { method: 'HEAD' }),
    await client.ask(script),
  ];
  client.close();
  assert.equal(
    answers.map(({ status }) => status),
    [200, 404, 405, 404, 413, 200, 200],
  );
  assert.is(new Set(answers.map(({ clientPort }) => clientPort)).size, 1, 'one connection');
});

test('a query does not matter, and neither does the absolute form of a proxy (RFC 9112 §3.2.2)', async ({ bench }) => {
  const plain = await bench.client.ask(script);
  assert.is((await bench.client.ask(`${script}?uuid=1&mac=2`)).text, plain.text);
  assert.is((await bench.client.ask(`http://boot-0.example.com${script}`)).text, plain.text);
  assert.is((await bench.client.ask(`HTTP://boot-0.example.com:8080${script}?x`)).text, plain.text);
});

test('names are decoded', async ({ bench }) => {
  const encoded = [...serial].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
  assert.is((await bench.client.ask(`/boot/${encoded}/ipxe`)).status, 200);
});

/** Send bytes on a connection of their own; all that comes back until the server closes it. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await new Promise((resolve) => {
    socket.once('close', resolve);
  });
  return answer;
}

test('an HTTP/1.0 client gets its answer, and the end of the connection', async ({ bench }) => {
  const answer = await exchange(bench.served.httpPort, 'GET /healthz HTTP/1.0\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(answer, /\r\nconnection: close\r\n/i);
  assert.not.match(answer, /transfer-encoding/i);
});

test('requests that come in one packet are answered in turn', async ({ bench }) => {
  const one = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const last = 'GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const answer = await exchange(bench.served.httpPort, one + one + last);
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
  assert.equal(statuses, ['200', '200', '404']);
});

for (const [what, bytes] of [
  ['noise', '\0\x01\x02 what?\r\n\r\n'],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['endless headers', `GET / HTTP/1.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`],
  ['two lengths', 'POST /nodes/x/report HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde'],
] as const) {
  test(`a client that sends ${what} is cut off, and others are served`, async ({ bench }) => {
    assert.not.match(await exchange(bench.served.httpPort, bytes), /^HTTP\/1\.1 2/);
    assert.is((await bench.client.ask('/healthz')).status, 200);
  });
}

test('a client that goes away in the middle of its body is no error of this server', async ({ bench }) => {
  const socket = connect(bench.served.httpPort, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`POST /nodes/${serial}/report HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"phase":`);
  const begun = async (): Promise<number> => {
    const { text } = await bench.client.ask('/metrics');
    return Number(
      /^berth_http_requests_total\{route="\/nodes\/:serial\/report",code="aborted"\} (\d+)$/m.exec(text)?.[1] ?? 0,
    );
  };
  const before = await begun();
  socket.resetAndDestroy();
  await eventually('it is counted as aborted', async () => (await begun()) === before + 1);
  assert.equal(
    bench.served.log.filter(({ level }) => level >= 50),
    [],
  );
});

test.run();
