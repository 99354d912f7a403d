import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodePacket, encodePacket, type Packet } from '../../../bootsvc/dhcp/packet.ts';
import { DhcpPacketError } from '../../../bootsvc/dhcp/packet-error.ts';
import { type DhcpExchange, type DhcpServer, type DhcpServerOptions, serveDhcp } from '../../../bootsvc/dhcp/socket.ts';
import type { DhcpTables } from '../../../renderers/dhcp.ts';
import { ipv4 } from '../../../schema/ipv4.ts';
import { ovmfDiscover } from './firmware.ts';
import { httpX64, macs, request, tables } from './site.ts';

const loopback = '127.0.0.1';
const here = ipv4('10.69.0.68');
/** Circuit id, remote id and a vendor's sub-option, as a ToR switch adds them. */
const relayAgent = Buffer.from('0104737770330202beef0904000001020b040a480003', 'hex');
const roundTripMilliseconds = 1000;

/** A server on loopback with a relay agent in front of it. */
interface Lab {
  readonly server: DhcpServer;
  readonly relay: Socket;
  /** Relay a message; the reply that comes back to the relay. */
  ask(message: Packet): Promise<Packet>;
  /** Relay some bytes; what the server says became of them. */
  account(bytes: Buffer): Promise<DhcpExchange>;
}

async function withServer(changes: Partial<DhcpServerOptions>, body: (lab: Lab) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const accounts = new EventEmitter();
  const options: DhcpServerOptions = {
    address: loopback,
    port: 0,
    replyTo: 'source',
    tables: () => tables,
    onExchange: (exchange) => accounts.emit('exchange', exchange),
    signal: stop.signal,
    ...changes,
  };
  const server = await serveDhcp(options);
  const relay = createSocket('udp4').bind(0, loopback);
  await once(relay, 'listening');
  const deadline = () => ({ signal: AbortSignal.timeout(roundTripMilliseconds) });
  try {
    await body({
      server,
      relay,
      ask: async (message) => {
        const reply = once(relay, 'message', deadline());
        relay.send(encodePacket(message), server.port, server.address);
        const [bytes] = (await reply) as [Buffer];
        return decodePacket(bytes);
      },
      account: async (bytes) => {
        const told = once(accounts, 'exchange', deadline());
        relay.send(bytes, server.port, server.address);
        const [exchange] = (await told) as [DhcpExchange];
        return exchange;
      },
    });
  } finally {
    relay.close();
    stop.abort();
    await server.closed;
  }
}

test('firmware behind a relay gets its address and its boot program', () =>
  withServer({}, async ({ ask }) => {
    const parameterRequestList = [1, 3, 6, 60, 67];
    const asked = { ...httpX64, parameterRequestList, relayAgent };
    const offer = await ask(request({ messageType: 'DISCOVER', ...asked }));
    assert.is(offer.op, 'reply');
    assert.is(offer.options.messageType, 'OFFER');
    assert.is(offer.yiaddr, here);
    assert.is(offer.options.bootFile, tables.bootProgramUrls.x64);
    assert.equal(offer.options.relayAgent, relayAgent, 'option 82, byte for byte');

    const { serverId = 0 } = offer.options;
    const ack = await ask(
      request({ messageType: 'REQUEST', serverId, requestedAddress: offer.yiaddr, ...asked }, { xid: offer.xid }),
    );
    assert.is(ack.options.messageType, 'ACK');
    assert.is(ack.xid, offer.xid);
    assert.is(ack.yiaddr, offer.yiaddr);
    assert.is(ack.options.leaseSeconds, tables.leaseSeconds);
    assert.equal(ack.options.relayAgent, relayAgent);
  }));

test('option 82 is the last thing in the bytes of a reply', () =>
  withServer({}, async ({ relay, server }) => {
    const reply = once(relay, 'message', { signal: AbortSignal.timeout(roundTripMilliseconds) });
    relay.send(encodePacket(request({ messageType: 'DISCOVER', relayAgent })), server.port, server.address);
    const [bytes] = (await reply) as [Buffer];
    const tail = Buffer.concat([Buffer.from([82, relayAgent.length]), relayAgent, Buffer.from([255])]);
    const unpadded = bytes.subarray(0, bytes.lastIndexOf(255) + 1);
    assert.is(unpadded.subarray(-tail.length).toString('hex'), tail.toString('hex'));
  }));

test('every message is accounted for', () =>
  withServer({}, async ({ account }) => {
    const answered = await account(encodePacket(request({ messageType: 'DISCOVER' })));
    if (answered.kind !== 'answered') throw new Error(answered.kind);
    assert.is(answered.request.mac, macs[0]);
    assert.is(answered.reply.packet.options.messageType, 'OFFER');
    assert.is(answered.source.address, loopback);

    const dropped = await account(encodePacket(request({ messageType: 'DISCOVER' }, { mac: '52:54:00:ff:ff:ff' })));
    assert.is(dropped.kind === 'dropped' && dropped.reason, 'unknown-machine');

    const malformed = await account(ovmfDiscover.subarray(0, 250));
    assert.is(malformed.kind === 'malformed' && malformed.code, 'truncated-option');

    const empty = await account(Buffer.alloc(0));
    assert.is(empty.kind === 'malformed' && empty.code, 'short');
  }));

test('a swap of tables takes effect with the next message', async () => {
  let inForce: DhcpTables | null = null;
  await withServer({ tables: () => inForce }, async ({ account, ask }) => {
    const discover = request({ messageType: 'DISCOVER' });
    const early = await account(encodePacket(discover));
    assert.is(early.kind === 'dropped' && early.reason, 'no-generation');
    inForce = tables;
    assert.is((await ask(discover)).options.domainName, 'dc.example');
    inForce = { ...tables, domain: 'dc2.example' };
    assert.is((await ask(discover)).options.domainName, 'dc2.example');
  });
});

test('a defect ends one exchange, not the service', async () => {
  let defective = true;
  const failing = (): DhcpTables => {
    if (defective) throw new Error('out of order');
    return tables;
  };
  await withServer({ tables: failing }, async ({ account, ask }) => {
    const discover = request({ messageType: 'DISCOVER' });
    const failed = await account(encodePacket(discover));
    assert.is(failed.kind === 'failed' && failed.error.message, 'out of order');
    defective = false;
    assert.is((await ask(discover)).yiaddr, here);
  });
});

test('a reply that the client could not take is a failure that is told', () => {
  const bootProgramUrls = { x64: `http://10.72.0.3/${'x'.repeat(1500)}` };
  return withServer({ tables: () => ({ ...tables, bootProgramUrls }) }, async ({ account }) => {
    const failed = await account(encodePacket(request({ messageType: 'DISCOVER', ...httpX64 })));
    if (failed.kind !== 'failed' || !(failed.error instanceof DhcpPacketError)) throw new Error(failed.kind);
    assert.is(failed.error.code, 'too-long');
  });
});

test('whoever counts may throw', () => {
  const onExchange = () => {
    throw new Error('the counter is broken');
  };
  return withServer({ onExchange }, async ({ ask }) => {
    const discover = request({ messageType: 'DISCOVER' });
    for (let round = 0; round < 3; round += 1) assert.is((await ask(discover)).yiaddr, here);
  });
});

test('replies to giaddr leave the port that the relay sent from alone', () => {
  const relays = new Map([[ipv4(loopback), { rack: 'rack0', tor: 'rack0-tor1' }]]);
  const inForce = { ...tables, relays };
  return withServer({ replyTo: 'giaddr', tables: () => inForce }, async ({ account, relay }) => {
    const renewal = request({ messageType: 'REQUEST' }, { giaddr: loopback, ciaddr: '10.69.0.68' });
    const next = once(relay, 'message', { signal: AbortSignal.timeout(roundTripMilliseconds) });
    const answered = await account(encodePacket(renewal));
    if (answered.kind !== 'answered') throw new Error(answered.kind);
    assert.equal(answered.reply.destination, { kind: 'relay', address: ipv4(loopback), port: 67 });
    relay.send('marker', relay.address().port, loopback);
    const [bytes] = (await next) as [Buffer];
    assert.is(bytes.toString(), 'marker', 'nothing came before it');
  });
});

test('the socket of the own link answers too', () =>
  withServer({ linkAddress: '127.0.0.2' }, async ({ relay, server }) => {
    const reply = once(relay, 'message', { signal: AbortSignal.timeout(roundTripMilliseconds) });
    relay.send(encodePacket(request({ messageType: 'DISCOVER' })), server.port, '127.0.0.2');
    const [bytes] = (await reply) as [Buffer];
    assert.is(decodePacket(bytes).yiaddr, here);
  }));

test('the signal frees the port', async () => {
  let port = 0;
  await withServer({}, async ({ server }) => {
    port = server.port;
  });
  await withServer({ port }, async ({ server, ask }) => {
    assert.is(server.port, port);
    assert.is((await ask(request({ messageType: 'DISCOVER' }))).yiaddr, here);
  });
});

test('what cannot start says why, and holds nothing', async () => {
  const options = { address: loopback, replyTo: 'source', tables: () => tables } as const;
  const codeOf = (start: Promise<unknown>) =>
    start.then(
      () => 'started',
      (error: NodeJS.ErrnoException) => error.code ?? error.name,
    );
  const { signal } = new AbortController();
  await withServer({}, async ({ server: { port } }) => {
    assert.is(await codeOf(serveDhcp({ ...options, port, signal })), 'EADDRINUSE');
  });
  // 192.0.2.0/24 is for documentation: no host has an address in it.
  assert.is(await codeOf(serveDhcp({ ...options, port: 0, linkAddress: '192.0.2.1', signal })), 'EADDRNOTAVAIL');
  assert.is(
    await codeOf(serveDhcp({ ...options, port: 0, signal: AbortSignal.abort(new RangeError('late')) })),
    'RangeError',
  );
});

test.run();
