import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BootEvent } from '../../vdc/boot-event.ts';
import type { BootFailure } from '../../vdc/boot-failure.ts';
import { bootMachine } from '../../vdc/firmware.ts';
import type { Hardware } from '../../vdc/hardware.ts';
import { Relay } from '../../vdc/relay.ts';
import { eventually } from '../eventually.ts';
import { bootDigest, FakeBootServer, nak, withOption } from './fake-boot-server.ts';

const hardware: Hardware = {
  serial: 'SN-1',
  slot: 4,
  macs: ['52:54:00:0a:00:01', '52:54:00:0a:00:02'],
  node: '10.69.0.4',
  links: [
    { tor: 'tor1', gateway: '10.69.0.65' },
    { tor: 'tor2', gateway: '10.69.0.129' },
  ],
  bmc: { address: '10.72.16.4' },
};

interface Bench {
  server: FakeBootServer;
  relay: Relay;
  power: AbortController;
  events: BootEvent[];
  boot: (options?: { timeScale?: number; httpIdleMs?: number; cards?: 1 | 2 }) => Promise<void>;
}

const firmware = suite<Bench>('firmware');

firmware.before.each(async (bench) => {
  bench.server = await FakeBootServer.start();
  bench.relay = await Relay.open(bench.server.dhcp);
  bench.power = new AbortController();
  bench.events = [];
  // The real pace: where nothing goes wrong, nothing waits.
  bench.boot = ({ timeScale = 1, httpIdleMs = 2_000, cards = 1 } = {}) =>
    bootMachine({
      hardware: { ...hardware, macs: hardware.macs.slice(0, cards) },
      bootId: 'boot-1',
      relay: bench.relay,
      onEvent: (event) => bench.events.push(event),
      signal: bench.power.signal,
      timeScale,
      httpIdleMs,
    });
});

firmware.after.each(async (bench) => {
  await bench.relay.close();
  await bench.server.close();
});

const stages = (events: readonly BootEvent[]): string[] => events.map((event) => event.stage);
const details = (events: readonly BootEvent[]): string => events.map((event) => event.detail).join('\n');

/** What a boot that has to fail fails with. */
async function failureOf(boot: Promise<void>): Promise<BootFailure> {
  try {
    await boot;
  } catch (error) {
    return error as BootFailure;
  }
  throw new Error('the boot succeeded');
}

firmware('a boot goes through all of its stages', async ({ boot, server, events }) => {
  await boot();
  assert.equal(stages(events), [
    'dhcp',
    'boot-program',
    'dhcp',
    'script',
    'kernel',
    'initrd',
    'ignition',
    'report',
    'report',
  ]);
  for (const event of events) {
    assert.is(event.serial, 'SN-1');
    assert.is(event.bootId, 'boot-1');
    assert.ok(event.durationMs >= 0);
  }
  const report = { bootDigest, bootId: 'boot-1', generation: 7, address: '10.69.0.4' };
  assert.equal(server.reports, [
    { phase: 'provisioning', ...report },
    { phase: 'running', ...report },
  ]);
});

firmware('DHCP comes through the relay agent, as firmware and then as iPXE', async ({ boot, server }) => {
  await boot();
  assert.equal(
    server.packets.map(({ options, isIpxe }) => [options.get(53)?.[0], isIpxe]),
    [
      [1, false],
      [3, false],
      [1, true],
      [3, true],
    ],
  );
  for (const { bytes, options } of server.packets) {
    assert.is(bytes.readUInt8(3), 1, 'hops');
    assert.is(bytes.readUInt32BE(24), 0x0a450041, 'giaddr');
    assert.is(options.get(82)?.toString('latin1'), '\x01\x05port4\x02\x04tor1');
  }
  const [discover, request] = server.packets;
  assert.equal(request?.options.get(50)?.toJSON().data, [10, 69, 0, 68]);
  assert.equal(request?.options.get(54)?.toJSON().data, [10, 69, 0, 3]);
  assert.is(discover?.bytes.readUInt32BE(4), request?.bytes.readUInt32BE(4), 'one xid for both');
});

firmware('HTTP is that of OVMF, iPXE and Ignition', async ({ boot, server }) => {
  await boot();
  const [head, get, ...rest] = server.requests;
  const host = server.url.slice('http://'.length);
  const ovmf = ['Host', host, 'Accept', '*/*', 'User-Agent', 'UefiHttpBoot/1.0'];
  assert.equal([head?.method, head?.rawHeaders], ['HEAD', ovmf]);
  assert.equal([get?.method, get?.rawHeaders], ['GET', ovmf]);
  assert.is(head?.clientPort, get?.clientPort, 'one connection');
  const ignition = rest.find((request) => request.path === '/ignition/SN-1');
  assert.ok(
    ignition?.rawHeaders.join('\n').includes('Accept\napplication/vnd.coreos.ignition+json;version=3.3.0, */*;q=0.1'),
  );
});

firmware('an OFFER without option 60 is ignored, and DISCOVER repeated', async ({ boot, server, events }) => {
  let offers = 0;
  server.spoil = (answer, seen) => {
    if (seen.options.get(53)?.[0] !== 1 || seen.isIpxe) return answer;
    offers += 1;
    return offers === 1 ? withOption(answer, 60, null) : answer;
  };
  await boot({ timeScale: 0.05 });
  assert.is(offers, 2);
  assert.equal(stages(events).slice(0, 2), ['answer-ignored', 'dhcp']);
  assert.match(events[0]?.detail ?? '', /option 60/);
});

firmware('answers that relay agent or client do not take', async ({ boot, server, events }) => {
  const tricks = [
    { code: 82, data: null, says: /option 82\) did not come back/ },
    { code: 82, data: Buffer.from([1, 1, 65]), says: /option 82\) came back changed/ },
    { code: 54, data: null, says: /option 54/ },
    { code: 67, data: null, says: /option 67/ },
    { code: 53, data: Buffer.from([5]), says: /ACK is out of turn/ },
  ];
  let next = 0;
  server.spoil = (answer, seen) => {
    const trick = seen.isIpxe || seen.options.get(53)?.[0] !== 1 ? undefined : tricks[next++];
    return trick === undefined ? answer : withOption(answer, trick.code, trick.data);
  };
  // Four DISCOVERs a card: the second card has the rest, and a good answer.
  await boot({ cards: 2, timeScale: 0.004 });
  for (const { says } of tricks) assert.match(details(events), says);
  assert.ok(stages(events).includes('card-failed'));
});

firmware('an ACK that is not what was offered is ignored', async ({ boot, server, events }) => {
  const tricks = [
    { yiaddr: [10, 69, 0, 99], serverId: [10, 69, 0, 3], says: /gives 10\.69\.0\.99/ },
    { yiaddr: [10, 69, 0, 68], serverId: [10, 69, 1, 3], says: /another server, 10\.69\.1\.3/ },
  ];
  let next = 0;
  server.spoil = (answer, seen) => {
    const trick = seen.options.get(53)?.[0] === 3 ? tricks[next++] : undefined;
    if (trick === undefined) return answer;
    return { ...withOption(answer, 54, Buffer.from(trick.serverId)), yiaddr: trick.yiaddr };
  };
  await boot({ timeScale: 0.01 });
  for (const { says } of tricks) assert.match(details(events), says);
});

firmware('a NAK starts over with a new exchange', async ({ boot, server, events }) => {
  let naks = 0;
  server.spoil = (answer, seen) => {
    if (seen.options.get(53)?.[0] !== 3 || naks === 1) return answer;
    naks += 1;
    return nak(answer);
  };
  await boot();
  assert.equal(
    server.packets.slice(0, 4).map(({ options }) => options.get(53)?.[0]),
    [1, 3, 1, 3],
  );
  const xids = server.packets.map(({ bytes }) => bytes.readUInt32BE(4));
  assert.is.not(xids[0], xids[2]);
  assert.equal(stages(events).slice(0, 2), ['nak', 'dhcp']);
});

firmware('a server that refuses what it offers is given up', async ({ boot, server, events }) => {
  server.spoil = (answer, seen) => (seen.options.get(53)?.[0] === 3 ? nak(answer) : answer);
  assert.is((await failureOf(boot())).code, 'DHCP_NAK');
  assert.is(stages(events).filter((stage) => stage === 'nak').length, 4);
});

firmware('nobody answers: both cards try four times, at their pace', async ({ boot, server, events }) => {
  server.spoil = () => null;
  const beganMs = performance.now();
  assert.is((await failureOf(boot({ cards: 2, timeScale: 0.001 }))).code, 'DHCP_NO_ANSWER');
  assert.ok(performance.now() - beganMs >= 100, '4 + 8 + 16 + 32 thousandths for each card');
  assert.equal(stages(events), ['card-failed', 'card-failed']);
  assert.equal(
    server.packets.map(({ bytes }) => [bytes.readUInt8(33), bytes.readUInt32BE(24)]),
    [...Array(4).fill([1, 0x0a450041]), ...Array(4).fill([2, 0x0a450081])],
  );
});

firmware('a lost packet is made up for', async ({ boot, server }) => {
  let seenSoFar = 0;
  server.spoil = (answer) => (seenSoFar++ % 2 === 0 ? null : answer);
  await boot({ timeScale: 0.01 });
  assert.ok(server.packets.length >= 8);
});

/** Every way in which a file can be wrong: what the server does, and what the machine makes of it. */
const spoiltFiles: readonly {
  name: string;
  spoil: (server: FakeBootServer) => void;
  code: string;
  says: RegExp;
}[] = [
  {
    name: 'a boot program with other bytes than named',
    spoil: (server) => {
      server.bootProgram = server.addAsset('ipxe.efi', 'tampered', 'a boot program');
    },
    code: 'DIGEST_MISMATCH',
    says: /ipxe\.efi/,
  },
  {
    name: 'a kernel with other bytes than named',
    spoil: (server) => {
      server.addAsset('vmlinuz', 'tampered', 'a kernel');
    },
    code: 'DIGEST_MISMATCH',
    says: /vmlinuz/,
  },
  {
    name: 'a redirect',
    spoil: (server) => {
      server.routes.set(new URL(server.bootProgram).pathname, (_, response) => {
        response.writeHead(302, { Location: server.kernel, 'Content-Length': 0 }).end();
      });
    },
    code: 'HTTP_REDIRECT',
    says: /302/,
  },
  {
    name: 'a missing file',
    spoil: (server) => {
      server.routes.delete(new URL(server.initrd).pathname);
    },
    code: 'HTTP_STATUS',
    says: /404/,
  },
  {
    name: 'a chunked answer',
    spoil: (server) => {
      server.routes.set(new URL(server.bootProgram).pathname, (_, response) => {
        response.writeHead(200, { 'Transfer-Encoding': 'chunked' }).end();
      });
    },
    code: 'HTTP_UNSUPPORTED',
    says: /encoded \(chunked\)/,
  },
  {
    name: 'a length that changes between HEAD and GET',
    spoil: (server) => {
      server.routes.set(new URL(server.bootProgram).pathname, (request, response) => {
        const body = request.method === 'HEAD' ? '' : 'a boot program';
        response.writeHead(200, { 'Content-Length': request.method === 'HEAD' ? 99 : body.length }).end(body);
      });
    },
    code: 'HTTP_UNSUPPORTED',
    says: /99 bytes by HEAD, 14 by GET/,
  },
  {
    name: 'a connection that is closed after HEAD',
    spoil: (server) => {
      server.routes.set(new URL(server.bootProgram).pathname, (request, response) => {
        response.writeHead(200, { 'Content-Length': 14, Connection: 'close' });
        response.end(request.method === 'HEAD' ? undefined : 'a boot program');
      });
    },
    code: 'HTTP_UNSUPPORTED',
    says: /closed between HEAD and GET/,
  },
  {
    name: 'a file that firmware takes for no program',
    spoil: (server) => {
      server.bootProgram = server.addAsset('loader', 'a boot program');
    },
    code: 'HTTP_UNSUPPORTED',
    says: /no program/,
  },
  {
    name: 'a URL that names no digest',
    spoil: (server) => {
      server.addText('/loader.efi', 'a boot program');
      server.bootProgram = `${server.url}/loader.efi`;
    },
    code: 'URL_UNSUPPORTED',
    says: /loader\.efi/,
  },
  {
    name: 'an answer that breaks off',
    spoil: (server) => {
      server.routes.set(new URL(server.kernel).pathname, (_, response) => {
        response.writeHead(200, { 'Content-Length': 8 });
        response.write('a ke', () => response.destroy());
      });
    },
    code: 'HTTP_UNREACHABLE',
    says: /vmlinuz/,
  },
  {
    name: 'a server that falls silent',
    spoil: (server) => {
      server.routes.set(new URL(server.kernel).pathname, () => {});
    },
    code: 'HTTP_UNREACHABLE',
    says: /silent for/,
  },
  {
    name: 'a script that is none',
    spoil: (server) => {
      server.addText('/boot/SN-1', 'oops');
    },
    code: 'SCRIPT_INVALID',
    says: /line 1/,
  },
  {
    name: 'a script without the generation',
    spoil: (server) => {
      server.addText('/boot/SN-1', server.script().replace(/berth\.generation=\d+/, ''));
    },
    code: 'KERNEL_ARGUMENTS_INVALID',
    says: /berth\.generation/,
  },
  {
    name: 'an Ignition that is not there',
    spoil: (server) => {
      server.routes.delete('/ignition/SN-1');
    },
    code: 'HTTP_STATUS',
    says: /ignition/,
  },
  {
    name: 'an Ignition of another kind',
    spoil: (server) => {
      server.addText('/ignition/SN-1', JSON.stringify({ ignition: { version: '2.2.0' } }));
    },
    code: 'IGNITION_INVALID',
    says: /2\.2\.0/,
  },
  {
    name: 'an Ignition that is no JSON',
    spoil: (server) => {
      server.addText('/ignition/SN-1', '{');
    },
    code: 'IGNITION_INVALID',
    says: /no JSON/,
  },
];

for (const { name, spoil, code, says } of spoiltFiles) {
  firmware(`refused: ${name}`, async ({ boot, server }) => {
    spoil(server);
    const failure = await failureOf(boot({ httpIdleMs: 150 }));
    assert.is(failure.code, code, failure.stack ?? failure.message);
    assert.match(failure.message, says);
    assert.equal(server.reports, []);
  });
}

firmware('Ignition and reports are tried again while the server is in trouble', async ({ boot, server, events }) => {
  for (const path of ['/ignition/SN-1', '/nodes/SN-1/report']) {
    const good = server.routes.get(path);
    let failures = 2;
    server.routes.set(path, (request, response) => {
      if (failures-- > 0) response.writeHead(503, { 'Content-Length': 0 }).end();
      else good?.(request, response);
    });
  }
  await boot({ timeScale: 0.05 });
  assert.equal(stages(events).slice(-7), ['retry', 'retry', 'ignition', 'retry', 'retry', 'report', 'report']);
});

/** Where a boot can hang when its power is cut, and how it shows that it got there. */
const hangs: readonly {
  name: string;
  hang: (server: FakeBootServer) => void;
  reached: (server: FakeBootServer) => boolean;
}[] = [
  {
    name: 'DHCP',
    hang: (server) => {
      server.spoil = () => null;
    },
    reached: (server) => server.packets.length > 0,
  },
  {
    name: 'HTTP',
    hang: (server) => {
      server.routes.set(new URL(server.kernel).pathname, (_, response) => {
        response.writeHead(200, { 'Content-Length': 8 });
        response.write('a ke');
      });
    },
    reached: (server) => server.requests.some(({ path }) => path === new URL(server.kernel).pathname),
  },
  {
    name: 'the pause before a retry',
    hang: (server) => {
      server.routes.delete('/nodes/SN-1/report');
    },
    reached: (server) => server.reports.length > 0,
  },
];

for (const { name, hang, reached } of hangs) {
  firmware(`a power cut during ${name} ends the boot at once`, async ({ boot, server, power }) => {
    hang(server);
    // At the real pace, nothing but the power cut can end it in time.
    const ended = boot({ httpIdleMs: 10_000 }).catch((error: unknown) => error);
    await eventually(`it reaches ${name}`, () => reached(server));
    const beganMs = performance.now();
    const reason = new Error('power cut');
    power.abort(reason);
    const error = await ended;
    assert.ok(error === reason || (error instanceof Error && error.name === 'AbortError'), String(error));
    assert.ok(performance.now() - beganMs < 1_000);
  });
}

firmware.run();
