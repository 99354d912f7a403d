import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redfishPower } from '../../reconciler/power/redfish.ts';
import type { Hardware } from '../../vdc/hardware.ts';
import type { MachineEvent } from '../../vdc/machine.ts';
import { type StandIns, startStandIns } from '../../vdc/standins.ts';
import { eventually } from '../eventually.ts';
import { FakeBootServer } from './fake-boot-server.ts';

interface Bench {
  server: FakeBootServer;
  standIns: StandIns;
  events: MachineEvent[];
}

const machine = (serial: string, slot: number): Hardware => ({
  serial,
  slot,
  macs: [`52:54:00:0a:01:${slot.toString(16).padStart(2, '0')}`],
  node: `10.69.0.${slot}`,
  links: [{ tor: 'tor1', gateway: '10.69.0.65' }],
  bmc: { address: `10.72.16.${slot}` },
});

const standIns = suite<Bench>('stand-ins');

standIns.before.each(async (bench) => {
  bench.server = await FakeBootServer.start();
  bench.server.addText('/nodes/SN-2/report', '{}');
  bench.events = [];
  bench.standIns = await startStandIns({
    machines: [machine('SN-1', 4), machine('SN-2', 5)],
    dhcpServer: bench.server.dhcp,
    onEvent: (event) => bench.events.push(event),
    timeScale: 0.01,
  });
});

standIns.after.each(async (bench) => {
  await bench.standIns.close();
  await bench.server.close();
});

standIns('machines stay off until their BMC is told otherwise, then boot and run', async (bench) => {
  assert.equal(
    [...bench.standIns.machines.values()].map(({ power }) => power),
    ['off', 'off'],
  );
  const power = redfishPower({ baseUrl: bench.standIns.bmcUrl });
  await Promise.all([power.on(machine('SN-1', 4)), power.on(machine('SN-2', 5))]);
  await eventually('all run', () => [...bench.standIns.machines.values()].every(({ running }) => running));
  const reports = bench.server.reports as { bootId: string; phase: string; address: string }[];
  for (const [serial, address] of [
    ['SN-1', '10.69.0.4'],
    ['SN-2', '10.69.0.5'],
  ] as const) {
    const own = reports.filter((report) => report.address === address);
    assert.equal(
      own.map(({ phase, bootId }) => [phase, bootId]),
      ['provisioning', 'running'].map((phase) => [phase, bench.standIns.machines.get(serial)?.bootId]),
    );
  }
});

standIns('a power cycle during boot begins a new one, which succeeds', async (bench) => {
  const { server, events } = bench;
  const kernelPath = new URL(server.kernel).pathname;
  const good = server.routes.get(kernelPath);
  server.routes.set(kernelPath, () => {});
  const power = redfishPower({ baseUrl: bench.standIns.bmcUrl });
  await power.on(machine('SN-1', 4));
  await eventually('the kernel is asked for', () => server.requests.some(({ path }) => path === kernelPath));
  const bootIdBefore = bench.standIns.machines.get('SN-1')?.bootId;
  if (good !== undefined) server.routes.set(kernelPath, good);
  await power.restart(machine('SN-1', 4));
  await eventually('it runs', () => bench.standIns.machines.get('SN-1')?.running === true);
  assert.is.not(bench.standIns.machines.get('SN-1')?.bootId, bootIdBefore);
  const reports = server.reports as { bootId: string }[];
  assert.not.ok(
    reports.some(({ bootId }) => bootId === bootIdBefore),
    'the boot that was cut reports nothing',
  );
  const power1 = events.filter(({ stage }) => stage.startsWith('power-')).map(({ stage }) => stage);
  assert.equal(power1, ['power-on', 'power-off', 'power-on']);
});

standIns('a machine that fails to boot resets itself until it comes up', async ({ server, standIns: site, events }) => {
  const script = server.routes.get('/boot/SN-1');
  server.routes.delete('/boot/SN-1');
  site.machines.get('SN-1')?.powerOn();
  await eventually('a boot fails', () => events.some(({ stage }) => stage === 'boot-failed'));
  if (script !== undefined) server.routes.set('/boot/SN-1', script);
  await eventually('it runs', () => site.machines.get('SN-1')?.running === true);
});

standIns('sites that cannot be are refused', async ({ server }) => {
  const start = (machines: readonly Hardware[]): Promise<string> =>
    startStandIns({ machines, dhcpServer: server.dhcp, onEvent: () => {} }).then(
      () => 'started',
      (error: Error) => error.message,
    );
  assert.match(await start([machine('SN-1', 4), machine('SN-1', 5)]), /two machines have one serial/);
  assert.match(
    await start([machine('SN-1', 4), { ...machine('SN-2', 5), bmc: { address: '10.72.16.4' } }]),
    /two BMCs/,
  );
  assert.match(await start([{ ...machine('SN-1', 4), links: [] }]), /wired to no ToR/);
});

standIns.run();
