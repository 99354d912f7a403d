import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectEtcd, type EtcdKv } from '../../schema/state/etcd.ts';
import { folders } from '../../schema/state/keys.ts';
import { readRecord, records } from '../../schema/state/records.ts';
import type { MachineEvent } from '../../vdc/machine.ts';
import type { UdpEndpoint } from '../../vdc/relay.ts';
import { type StandIns, startStandIns } from '../../vdc/standins.ts';
import { Berth, buildBerth } from '../berth.ts';
import { type EtcdMember, startEtcd } from '../etcd.ts';
import { eventually } from '../eventually.ts';
import { compiled, publishSite, smallSite, smallSiteAssets, withNewSystem } from '../small-site.ts';
import { Origin, ServedSite, temporaryFolder } from './lab.ts';

// Real etcd, killed; real packets and requests of machines that boot meanwhile.
const site = await smallSite();
const first = compiled(site);
const second = compiled(withNewSystem(site));
const machines = [...first.blueprint.machines.values()];

interface Bench {
  etcd: EtcdMember;
  kv: EtcdKv;
  origin: Origin;
  folder: string;
  remove: () => void;
  served: ServedSite;
  start: () => Promise<ServedSite>;
  standIns: StandIns | null;
  /** Power on every machine; resolves when all run. */
  bootAll: (served: { readonly dhcp: UdpEndpoint }) => Promise<readonly MachineEvent[]>;
}

const test = suite<Bench>('etcd away');

test.before.each(async (bench) => {
  bench.etcd = await startEtcd();
  bench.kv = connectEtcd({ endpoints: [bench.etcd.url], site: 'tokyo0', deadlineMs: 500 });
  bench.origin = await Origin.start(smallSiteAssets(first));
  Object.assign(bench, temporaryFolder());
  bench.standIns = null;
  bench.start = () => ServedSite.start({ kv: bench.kv, folder: bench.folder, mirrors: [bench.origin.url] });
  bench.served = await bench.start();
  bench.bootAll = async (served) => {
    const events: MachineEvent[] = [];
    await bench.standIns?.close();
    bench.standIns = await startStandIns({
      machines,
      dhcpServer: served.dhcp,
      onEvent: (event) => events.push(event),
      timeScale: 0.05,
    });
    for (const machine of bench.standIns.machines.values()) machine.powerOn();
    await eventually(
      'all machines run',
      () => [...(bench.standIns?.machines.values() ?? [])].every(({ running }) => running),
      20_000,
    );
    return events;
  };
  await publishSite(bench.kv, first);
  await bench.served.serves(1);
});

test.after.each(async ({ standIns, served, kv, etcd, origin, remove }) => {
  await standIns?.close();
  await served.stop();
  kv.close();
  await etcd.stop();
  await origin.stop();
  remove();
});

/** Every machine is known in etcd to run from the boot that it is in. */
async function allAreKnown({ kv, standIns }: Bench): Promise<boolean> {
  const { entries } = await kv.list(folders.observedMachines);
  const known = new Map(
    entries.map((entry) => readRecord(records.observedMachine, entry)).map((one) => [one.serial, one]),
  );
  return machines.every(({ serial }) => {
    const machine = known.get(serial);
    return machine?.phase === 'running' && machine.bootId === standIns?.machines.get(serial)?.bootId;
  });
}

/** What machines tell of when something did not go well. */
function setbacks(events: readonly MachineEvent[]): readonly string[] {
  const stages = ['answer-ignored', 'boot-failed', 'card-failed', 'nak', 'retry'];
  const told = events.filter(({ stage }) => stages.includes(stage)).map(({ stage, detail }) => `${stage}: ${detail}`);
  // On a busy machine a client asks again before it is answered (RFC 2131 §4.1), and needs one of the two answers.
  return told.filter((text) => text !== 'answer-ignored: OFFER is out of turn');
}

test('machines boot while etcd is dead, and their reports arrive when it is back', async (bench) => {
  const { etcd, served, kv } = bench;
  await etcd.kill();
  assert.equal(setbacks(await bench.bootAll(served)), []);
  assert.is((await served.status()).reportsWaiting, machines.length);
  assert.is((await fetch(`${served.url}/healthz`)).status, 200);

  await etcd.start();
  await eventually('all reports are in etcd', () => allAreKnown(bench), 15_000);
  assert.is((await served.status()).reportsWaiting, 0);
  await publishSite(kv, second);
  await served.serves(2);
});

test('a service that starts while etcd is dead serves from disk, and passes on what its forerunner was told', async (bench) => {
  const { etcd } = bench;
  await etcd.kill();
  assert.equal(setbacks(await bench.bootAll(bench.served)), []);
  await bench.served.stop();

  bench.served = await bench.start();
  const status = await bench.served.status();
  assert.is(status.generation, 1);
  assert.is(status.reportsWaiting, machines.length);
  await etcd.start();
  await eventually('all reports are in etcd', () => allAreKnown(bench), 15_000);

  await etcd.kill();
  assert.equal(setbacks(await bench.bootAll(bench.served)), []);
  await etcd.start();
  await eventually('the reports of the next boot too', () => allAreKnown(bench), 15_000);
});

test('an etcd that hangs delays no machine either', async (bench) => {
  const { etcd, served } = bench;
  etcd.hang();
  try {
    assert.equal(setbacks(await bench.bootAll(served)), []);
  } finally {
    etcd.resume();
  }
  await eventually('all reports are in etcd', () => allAreKnown(bench), 15_000);
});

test('a boot service that is killed loses no report that it has taken, and serves again at once', async (bench) => {
  const { etcd, origin } = bench;
  const { folder, remove } = temporaryFolder();
  const start = async (): Promise<{ berth: Berth; dhcp: UdpEndpoint; url: string }> => {
    const berth = new Berth([
      ...['boot', '--name', 'boot-1', '--site', 'tokyo0', '--etcd', etcd.url, '--data', folder, '--mirror', origin.url],
      ...['--dhcp', '127.0.0.1:0', '--dhcp-reply', 'source'],
      ...['--http', '127.0.0.1:0', '--url', 'http://127.0.0.1:{port}'],
    ]);
    const { dhcp, http } = await berth.event('ready');
    return { berth, dhcp: dhcp as UdpEndpoint, url: `http://127.0.0.1:${(http as UdpEndpoint).port}` };
  };
  const generationOf = async (url: string): Promise<number | null> => {
    const status = (await (await fetch(`${url}/status`)).json()) as { readonly generation: number | null };
    return status.generation;
  };
  await buildBerth();
  const first = await start();
  let second: Awaited<ReturnType<typeof start>> | null = null;
  try {
    await eventually('the site is served', async () => (await generationOf(first.url)) === 1);
    await etcd.kill();
    assert.equal(setbacks(await bench.bootAll(first)), []);
    assert.equal(await first.berth.kill('SIGKILL'), { code: null, signal: 'SIGKILL' });

    second = await start();
    assert.is(await generationOf(second.url), 1);
    await etcd.start();
    await eventually('all reports are in etcd', () => allAreKnown(bench), 15_000);
    assert.equal(await second.berth.kill('SIGTERM'), { code: 0, signal: null });
  } finally {
    await first.berth.kill();
    await second?.berth.kill();
    remove();
  }
});

test('a boot service whose DHCP port is taken ends with the reason', async ({ etcd, served }) => {
  const { folder, remove } = temporaryFolder();
  await buildBerth();
  const { address, port } = served.dhcp;
  const berth = new Berth([
    ...['boot', '--name', 'boot-1', '--site', 'tokyo0', '--etcd', etcd.url, '--data', folder],
    ...['--dhcp', `${address}:${port}`, '--http', '127.0.0.1:0'],
  ]);
  assert.is((await berth.ended).code, 1);
  assert.match(berth.otherLines.join('\n'), /EADDRINUSE/);
  remove();
});

test.run();
