import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PowerError, type PowerTarget } from '../../../reconciler/power/power.ts';
import { redfishPower } from '../../../reconciler/power/redfish.ts';
import type { RedfishOptions } from '../../../reconciler/power/redfish-http.ts';
import { type Bmc, BmcServer } from '../../../vdc/bmc.ts';
import { PoweredMachine } from '../../../vdc/machine.ts';
import type { ResetType } from '../../../vdc/redfish-service.ts';

const target: PowerTarget = { serial: 'SN-1', bmc: { address: '10.72.16.4' } };
const credentials = { user: 'admin', password: 'correct horse' };

interface Bench {
  machine: PoweredMachine;
  /** Power-on and power-off, as they happened. */
  log: string[];
  serve: (quirks?: { resetTypes?: readonly ResetType[]; login?: boolean }) => Promise<{ baseUrl: string }>;
  servers: { close(): Promise<void> }[];
}

const redfish = suite<Bench>('redfish');

redfish.before.each((bench) => {
  bench.log = [];
  bench.servers = [];
  bench.machine = new PoweredMachine({
    serial: 'SN-1',
    boot: async () => {},
    resetDelayMs: 0,
    onEvent: ({ stage }) => bench.log.push(stage),
  });
  bench.serve = async ({ resetTypes, login = false } = {}) => {
    const bmc: Bmc = {
      address: '10.72.16.4',
      machine: bench.machine,
      uuid: '4c4c4544-0000-2010-8020-80c04f202000',
      ...(resetTypes === undefined ? {} : { resetTypes }),
    };
    const server = await BmcServer.listen({ bmcs: [bmc], port: 0, ...(login ? { credentials } : {}) });
    bench.servers.push(server);
    return { baseUrl: server.urlTemplate };
  };
});

redfish.after.each(async ({ servers, machine }) => {
  await machine.close();
  for (const server of servers) await server.close();
});

/** The error of an operation that has to fail with one. */
async function errorOf(operation: Promise<unknown>): Promise<PowerError> {
  const outcome = await operation.catch((error: unknown) => error);
  if (outcome instanceof PowerError) return outcome;
  throw new Error(`no PowerError but ${String(outcome)}`);
}

/** A BMC that answers each path with a fixed status and text; a path that is not there is never answered. */
async function rawBmc(bench: Bench, answers: Record<string, readonly [number, unknown]>): Promise<string> {
  const server: Server = createServer((request, response) => {
    bench.log.push(`${request.method} ${request.url}`);
    const answer = answers[request.url ?? ''];
    if (answer === undefined) return;
    const [status, body] = answer;
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  bench.servers.push({
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers of a BMC with some systems, by id. */
function systems(byId: Record<string, object>): Record<string, readonly [number, unknown]> {
  const members = Object.keys(byId).map((id) => ({ '@odata.id': `/redfish/v1/Systems/${id}` }));
  return {
    '/redfish/v1/': [200, { Systems: { '@odata.id': '/redfish/v1/Systems' } }],
    '/redfish/v1/Systems': [200, { Members: members }],
    ...Object.fromEntries(Object.entries(byId).map(([id, system]) => [`/redfish/v1/Systems/${id}`, [200, system]])),
  };
}

redfish('on, state, restart, off; on and off can be repeated', async ({ serve, machine, log }) => {
  const power = redfishPower(await serve());
  assert.is(await power.state(target), 'off');
  assert.is(await power.on(target), 'done');
  assert.is(machine.power, 'on');
  assert.is(await power.state(target), 'on');
  assert.is(await power.on(target), 'already');
  assert.equal(log, ['power-on']);
  assert.is(await power.restart(target), 'done');
  assert.equal(log, ['power-on', 'power-off', 'power-on']);
  assert.is(await power.off(target), 'done');
  assert.is(await power.off(target), 'already');
  assert.is(machine.power, 'off');
});

redfish('a restart of a machine that is off powers it on', async ({ serve, log }) => {
  assert.is(await redfishPower(await serve()).restart(target), 'done');
  assert.equal(log, ['power-on']);
});

redfish('who may not touch the machine any more is stopped at the last moment', async ({ serve, machine, log }) => {
  const power = redfishPower(await serve());
  const deposed = (): void => {
    throw new RangeError('another agent leads');
  };
  assert.is(await power.on(target, undefined, deposed).catch((error: Error) => error.message), 'another agent leads');
  machine.powerOn();
  log.length = 0;
  for (const reset of [power.restart, power.off]) {
    assert.is(await reset(target, undefined, deposed).catch((error: Error) => error.message), 'another agent leads');
  }
  assert.equal(log, []);
  let asked = 0;
  assert.is(await power.on(target, undefined, () => void asked++), 'already');
  assert.is(asked, 0, 'nothing is asked when there is nothing to do');
  assert.is(await power.restart(target, undefined, () => void asked++), 'done');
  assert.is(asked, 1);
});

redfish('the wrong machine is left alone', async ({ serve, machine, log }) => {
  const power = redfishPower(await serve());
  const other = { ...target, serial: 'SN-2' };
  for (const operation of [power.on, power.off, power.restart, power.state]) {
    const error = await errorOf(operation(other));
    assert.is(error.code, 'POWER_WRONG_MACHINE');
    assert.match(error.message, /SN-2.*10\.72\.16\.4.*belongs to SN-1/);
  }
  assert.is(machine.power, 'off');
  assert.equal(log, []);
});

redfish('a restart takes what the BMC offers', async ({ serve, machine, log }) => {
  const power = redfishPower(await serve({ resetTypes: ['On', 'ForceOff', 'PowerCycle'] }));
  machine.powerOn();
  assert.is(await power.restart(target), 'done');
  assert.equal(log, ['power-on', 'power-off', 'power-on']);
});

redfish('a BMC that offers no restart', async ({ serve, machine, log }) => {
  const power = redfishPower(await serve({ resetTypes: ['On', 'GracefulShutdown'] }));
  machine.powerOn();
  assert.is((await errorOf(power.restart(target))).code, 'POWER_UNSUPPORTED');
  assert.is((await errorOf(power.off(target))).code, 'POWER_UNSUPPORTED');
  assert.equal(log, ['power-on']);
});

redfish('login', async ({ serve, machine }) => {
  const bmc = await serve({ login: true });
  const stranger = await errorOf(redfishPower(bmc).on(target));
  assert.is(stranger.code, 'POWER_UNAUTHORIZED');
  const wrong = { user: 'admin', password: 'battery staple' };
  const refused = await errorOf(redfishPower({ ...bmc, credentials: wrong }).on(target));
  assert.is(refused.code, 'POWER_UNAUTHORIZED');
  assert.not.match(refused.message, /staple/);
  assert.is(machine.power, 'off');
  assert.is(await redfishPower({ ...bmc, credentials }).on(target), 'done');
});

redfish('one system of several is found by its serial', async (bench) => {
  const reset = { '#ComputerSystem.Reset': { target: '/reset/b' } };
  const baseUrl = await rawBmc(bench, {
    ...systems({
      a: { SerialNumber: 'SN-9', PowerState: 'On' },
      b: { SerialNumber: 'SN-1', PowerState: 'PoweringOff', Actions: reset },
    }),
    '/reset/b': [202, {}],
  });
  const power = redfishPower({ baseUrl });
  assert.is(await power.state(target), 'changing');
  assert.is(await power.on(target), 'done');
  assert.ok(bench.log.includes('POST /reset/b'));
});

redfish('a refusal is told in the words of the BMC', async (bench) => {
  const system = {
    SerialNumber: 'SN-1',
    PowerState: 'Off',
    Actions: { '#ComputerSystem.Reset': { target: '/reset' } },
  };
  const error = { '@Message.ExtendedInfo': [{ Message: 'The lid is open.' }] };
  const baseUrl = await rawBmc(bench, { ...systems({ a: system }), '/reset': [409, { error }] });
  const failure = await errorOf(redfishPower({ baseUrl }).on(target));
  assert.is(failure.code, 'POWER_REFUSED');
  assert.match(failure.message, /409 The lid is open\./);
});

redfish('a refusal counts for nothing when the power is as wanted by then', async (bench) => {
  const system = {
    SerialNumber: 'SN-1',
    PowerState: 'Off',
    Actions: { '#ComputerSystem.Reset': { target: '/reset' } },
  };
  const answers = { ...systems({ a: system }), '/reset': [409, ''] as const };
  const baseUrl = await rawBmc(bench, answers);
  // Somebody else presses the button between our look and our reset.
  Object.defineProperty(answers, '/reset', {
    get: () => {
      system.PowerState = 'On';
      return [409, ''];
    },
  });
  assert.is(await redfishPower({ baseUrl }).on(target), 'already');
});

const badAnswers: readonly (readonly [string, Record<string, readonly [number, unknown]>, string])[] = [
  ['no JSON', { '/redfish/v1/': [200, '<html>'] }, 'POWER_BAD_ANSWER'],
  ['no Systems', { '/redfish/v1/': [200, {}] }, 'POWER_BAD_ANSWER'],
  ['a link that is none', { '/redfish/v1/': [200, { Systems: { '@odata.id': 'http://[' } }] }, 'POWER_BAD_ANSWER'],
  ['a flood', { '/redfish/v1/': [200, ' '.repeat(2 ** 20 + 1)] }, 'POWER_BAD_ANSWER'],
  ['an empty chassis', systems({}), 'POWER_WRONG_MACHINE'],
  ['a system without serial', systems({ a: { PowerState: 'On' } }), 'POWER_WRONG_MACHINE'],
  ['a system without reset', systems({ a: { SerialNumber: 'SN-1', PowerState: 'Off' } }), 'POWER_UNSUPPORTED'],
  ['a redirect', { '/redfish/v1/': [301, ''] }, 'POWER_REFUSED'],
  ['an error', { '/redfish/v1/': [500, 'oops'] }, 'POWER_REFUSED'],
  [
    'a link to elsewhere',
    { '/redfish/v1/': [200, { Systems: { '@odata.id': 'http://192.0.2.1/redfish/v1/Systems' } }] },
    'POWER_BAD_ANSWER',
  ],
];

for (const [name, answers, code] of badAnswers) {
  redfish(`a BMC that answers with ${name}`, async (bench) => {
    const baseUrl = await rawBmc(bench, answers);
    assert.is((await errorOf(redfishPower({ baseUrl, credentials }).on(target))).code, code);
  });
}

redfish('a BMC that does not answer in time, or is not there', async (bench) => {
  const baseUrl = await rawBmc(bench, {});
  const options: RedfishOptions = { baseUrl, deadlineMs: 50 };
  const slow = await errorOf(redfishPower(options).on(target));
  assert.is(slow.code, 'POWER_UNREACHABLE');
  assert.match(slow.message, /no answer within 50 ms/);
  await bench.servers.pop()?.close();
  assert.is((await errorOf(redfishPower(options).on(target))).code, 'POWER_UNREACHABLE');
});

redfish('a caller that gives up gets its own reason back', async (bench) => {
  const baseUrl = await rawBmc(bench, {});
  const caller = new AbortController();
  const reason = new Error('not the leader any more');
  const outcome = redfishPower({ baseUrl })
    .on(target, caller.signal)
    .catch((error: unknown) => error);
  caller.abort(reason);
  assert.is(await outcome, reason);
});

redfish.run();
