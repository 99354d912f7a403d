import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BmcServer } from '../../vdc/bmc.ts';
import { PoweredMachine } from '../../vdc/machine.ts';

interface Bench {
  machine: PoweredMachine;
  bmcs: BmcServer;
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
}

const system = '/redfish/v1/Systems/System.Embedded.1';
const reset = `${system}/Actions/ComputerSystem.Reset`;

const bmc = suite<Bench>('bmc');

bmc.before.each(async (bench) => {
  bench.machine = benchMachine('SN-1');
  bench.bmcs = await BmcServer.listen({
    port: 0,
    bmcs: [{ address: '10.72.16.4', machine: bench.machine, uuid: '4c4c4544-0000-2010-8020-80c04f202000' }],
  });
  const base = bench.bmcs.urlTemplate.replace('{address}', '10.72.16.4');
  bench.call = (method, path, body, headers = {}) =>
    fetch(`${base}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
});

bmc.after.each(async ({ bmcs, machine }) => {
  await machine.close();
  await bmcs.close();
});

/** One that runs as soon as it is on. */
function benchMachine(serial: string): PoweredMachine {
  return new PoweredMachine({ serial, boot: async () => {}, resetDelayMs: 0, onEvent: () => {} });
}

async function json(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

bmc('links lead from the service root to the system', async ({ call, bmcs }) => {
  const origin = new URL(bmcs.urlTemplate).origin;
  const root = await json(await call('GET', '/redfish/v1/'));
  const systems = root.Systems as { '@odata.id': string };
  const collection = await json(await fetch(`${origin}${systems['@odata.id']}`));
  const [first] = collection.Members as { '@odata.id': string }[];
  const response = await fetch(`${origin}${first?.['@odata.id']}`);
  const found = await json(response);
  assert.is(found.SerialNumber, 'SN-1');
  assert.is(found.PowerState, 'Off');
  assert.is(response.headers.get('etag'), found['@odata.etag']);
  assert.is(response.headers.get('odata-version'), '4.0');
});

const refusals: readonly (readonly [string, string, string, unknown, number, string])[] = [
  ['no such system', 'GET', '/redfish/v1/Systems/1', undefined, 404, 'ResourceMissingAtURI'],
  ['a deletion', 'DELETE', system, undefined, 405, 'OperationNotAllowed'],
  ['reading an action', 'GET', reset, undefined, 405, 'OperationNotAllowed'],
  ['a reset without type', 'POST', reset, {}, 400, 'ActionParameterMissing'],
  ['an unknown reset', 'POST', reset, { ResetType: 'Nmi' }, 400, 'ActionParameterNotSupported'],
  ['off when off', 'POST', reset, { ResetType: 'ForceOff' }, 409, 'ResourceInUse'],
  ['restart when off', 'POST', reset, { ResetType: 'ForceRestart' }, 409, 'ResourceInUse'],
  ['a patch of nothing', 'PATCH', system, {}, 400, 'PropertyMissing'],
  [
    'an unknown boot target',
    'PATCH',
    system,
    { Boot: { BootSourceOverrideTarget: 'Floppy' } },
    400,
    'PropertyValueNotInList',
  ],
];

for (const [name, method, path, body, status, messageId] of refusals) {
  bmc(`refused: ${name}`, async ({ call, machine }) => {
    const response = await call(method, path, body);
    assert.is(response.status, status);
    const { error } = (await json(response)) as { error: { '@Message.ExtendedInfo': { MessageId: string }[] } };
    assert.is(error['@Message.ExtendedInfo'][0]?.MessageId, `Base.1.8.${messageId}`);
    assert.is(machine.power, 'off');
  });
}

bmc('resets drive the machine', async ({ call, machine }) => {
  const resetTo = async (type: string): Promise<number> => (await call('POST', reset, { ResetType: type })).status;
  assert.is(await resetTo('On'), 204);
  assert.is(machine.power, 'on');
  assert.is(await resetTo('On'), 409);
  const { bootId } = machine;
  for (const type of ['ForceRestart', 'PowerCycle']) {
    assert.is(await resetTo(type), 204);
    assert.is(machine.power, 'on');
  }
  assert.is.not(machine.bootId, bootId);
  assert.is(await resetTo('GracefulShutdown'), 204);
  assert.is(machine.power, 'off');
  assert.is(await resetTo('On'), 204);
  assert.is(await resetTo('ForceOff'), 204);
  assert.is((await json(await call('GET', system))).PowerState, 'Off');
});

bmc('a boot override is kept under its ETag, and used up by a boot', async ({ call }) => {
  const boot = async (): Promise<Record<string, unknown>> =>
    (await json(await call('GET', system))).Boot as Record<string, unknown>;
  const change = { Boot: { BootSourceOverrideTarget: 'UefiHttp', BootSourceOverrideEnabled: 'Once' } };
  const etag = (await call('GET', system)).headers.get('etag') ?? '';
  assert.is((await call('PATCH', system, change, { 'If-Match': '"stale"' })).status, 412);
  assert.is((await boot()).BootSourceOverrideTarget, 'None');
  assert.is((await call('PATCH', system, change, { 'If-Match': etag })).status, 204);
  assert.is((await boot()).BootSourceOverrideTarget, 'UefiHttp');
  assert.is((await call('PATCH', system, change, { 'If-Match': etag })).status, 412, 'the ETag has changed');
  await call('POST', reset, { ResetType: 'On' });
  assert.is((await boot()).BootSourceOverrideTarget, 'None');
});

bmc('no BMC at an address, and no JSON in a body', async ({ bmcs, call }) => {
  const elsewhere = bmcs.urlTemplate.replace('{address}', '10.72.16.99');
  assert.is((await fetch(`${elsewhere}/redfish/v1/`)).status, 404);
  const base = bmcs.urlTemplate.replace('{address}', '10.72.16.4');
  assert.is((await fetch(`${base}${reset}`, { method: 'POST', body: '{' })).status, 400);
  assert.is((await call('GET', '/redfish')).status, 200);
});

bmc('two BMCs at one address are refused', async ({ machine }) => {
  const twin = { address: '10.72.16.4', machine, uuid: '' };
  let message = '';
  await BmcServer.listen({ port: 0, bmcs: [twin, twin] }).catch((error: Error) => {
    message = error.message;
  });
  assert.match(message, /two BMCs/);
});

bmc.run();
