import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalJson, sha256 } from '../../../schema/canonical.ts';
import { type BlueprintObject, decodeObject, encodeObject } from '../../../schema/state/blueprint-object.ts';
import { connectEtcd } from '../../../schema/state/etcd.ts';
import { folders, keys } from '../../../schema/state/keys.ts';
import { absent, holds, type Kv } from '../../../schema/state/kv.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';
import { getObjects, putObjects } from '../../../schema/state/objects.ts';
import { isStateError } from '../../../schema/state/state-error.ts';
import { startEtcd } from '../../etcd.ts';

const digest = 'ab'.repeat(32);

const samples: readonly BlueprintObject[] = [
  {
    ...{ kind: 'site', site: 'tokyo', domain: 'example.org', dns: ['10.0.0.1'], ntp: [], leaseSeconds: 60 },
    servers: [{ name: 'boot-0', rack: 0, joined: true, node: '10.0.0.2', links: ['10.0.0.3'] }],
    rollout: { racksAtOnce: 1, maxUnavailablePerRack: 1, canaries: 1, deadlineSeconds: 600 },
    ...{ releases: digest, ignition: { compute: digest }, racks: { r0: digest } },
  },
  { kind: 'rack', name: 'r0', rack: 0, asn: 64600, powerFeed: 'a', tors: [], machines: { S1: digest } },
  rackMachine('S1'),
  { kind: 'releases', os: {}, bootPrograms: { x64: { name: 'a', source: 's', sha256: digest, sizeBytes: 1 } } },
  ignition('compute', ''),
];

function rackMachine(serial: string): BlueprintObject {
  return {
    ...{ kind: 'machine', serial, name: 'node', rack: 'r0', slot: 3, role: 'compute', macs: [], node: '10.0.0.4' },
    links: [],
    bmc: { type: 'redfish', address: '10.1.0.4', prefixLength: 20, gateway: '10.1.0.1' },
    labels: {},
    boot: { os: 'x', kernel: digest, initrd: digest, arguments: [], ignitionSource: digest, ignition: digest },
    bootDigest: digest,
  };
}

function ignition(role: string, text: string): BlueprintObject {
  return { kind: 'ignition', role, version: '3.3.0', variables: { n: 1, b: true }, config: { text } };
}

function encodeAll(objects: readonly BlueprintObject[]): Map<string, string> {
  return new Map(objects.map((object) => encodeObject(object)).map(({ digest, text }) => [digest, text]));
}

async function complaint(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (isStateError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no complaint';
}

/** A store that counts transactions. */
function counting(kv: Kv): { kv: Kv; commits: () => number } {
  let commits = 0;
  const proxy = new Proxy(kv, {
    get: (_, name) => {
      if (name === 'commit') commits++;
      const member: unknown = Reflect.get(kv, name);
      return typeof member === 'function' ? member.bind(kv) : member;
    },
  });
  return { kv: proxy, commits: () => commits };
}

test('each kind of object comes back by its digest', () => {
  assert.is(new Set(samples.map((object) => object.kind)).size, 5);
  for (const object of samples) {
    const encoded = encodeObject(object);
    assert.is(encoded.digest, sha256(encoded.text));
    assert.equal(decodeObject(encoded.digest, encoded.text), object);
  }
});

test('an object of another shape, kind or digest is refused', async () => {
  for (const object of samples) {
    const broken = canonicalJson({ ...object, stowaway: 1 });
    assert.match(await complaint(() => decodeObject(sha256(broken), broken)), /unknown member stowaway/);
    assert.match(await complaint(() => decodeObject(digest, encodeObject(object).text)), /is damaged/);
  }
  for (const value of [{ kind: 'castle' }, { kind: 'toString' }, {}, null, 7]) {
    const text = canonicalJson(value);
    assert.match(await complaint(() => decodeObject(sha256(text), text)), /STATE_INVALID: .* unknown kind/);
  }
  assert.match(await complaint(() => decodeObject(sha256('{'), '{')), /STATE_INVALID: .* is no JSON/);
});

test('only what is missing is written, in batches under the limits', async () => {
  const { kv, commits } = counting(new MemoryKv());
  const small = encodeAll(Array.from({ length: 250 }, (_, number) => rackMachine(`S${number}`)));
  assert.equal(await putObjects(kv, small, []), { written: 250, present: 0 });
  assert.is(commits(), 3);
  assert.equal(await putObjects(kv, small, []), { written: 0, present: 250 });
  assert.is(commits(), 3);

  const big = encodeAll(['a', 'b', 'c', 'd'].map((role) => ignition(role, 'x'.repeat(400_000))));
  assert.equal(await putObjects(kv, new Map([...small, ...big]), []), { written: 4, present: 250 });
  assert.is(commits(), 5);
  assert.is((await kv.list(folders.objects)).entries.length, 254);
});

test('each batch is fenced', async () => {
  const kv = new MemoryKv();
  const objects = encodeAll(samples);
  const fence = [holds('leader', 'me')];
  assert.match(await complaint(() => putObjects(kv, objects, fence)), /^STATE_FENCED/);
  assert.is((await kv.list('')).entries.length, 0);
  await kv.commit({ when: [absent('leader')], put: [{ key: 'leader', value: 'me' }] });
  assert.is((await putObjects(kv, objects, fence)).written, 5);
});

test('nothing is written when one object is not what its digest says', async () => {
  const kv = new MemoryKv();
  const objects = encodeAll(samples).set(digest, '{}');
  assert.match(await complaint(() => putObjects(kv, objects, [])), /^STATE_INVALID: .* damaged/);
  assert.is((await kv.list('')).entries.length, 0);
});

test('a missing or damaged object is not read', async () => {
  const kv = new MemoryKv();
  const [known] = encodeAll(samples).keys();
  await putObjects(kv, encodeAll(samples), []);
  assert.match(
    await complaint(() => getObjects(kv, [String(known), digest])),
    new RegExp(`object ${digest} is missing`),
  );
  await kv.commit({ when: [], put: [{ key: keys.object(digest), value: '{}' }] });
  assert.match(await complaint(() => getObjects(kv, [digest])), /STATE_INVALID: .* damaged/);
});

test('against etcd: objects in their thousands go in and come out', async () => {
  const etcd = await startEtcd();
  const kv = connectEtcd({ endpoints: [etcd.url], site: 'site' });
  try {
    const machines = Array.from({ length: 2000 }, (_, number) => rackMachine(`S${number}`));
    const objects = encodeAll([...machines, ...samples.slice(0, 2), ignition('big', 'x'.repeat(900_000))]);
    assert.equal(await putObjects(kv, objects, []), { written: 2003, present: 0 });
    assert.equal(await putObjects(kv, objects, []), { written: 0, present: 2003 });
    const found = await getObjects(kv, objects.keys());
    assert.equal(
      [...found].map(([digest, object]) => [digest, canonicalJson(object)]),
      [...objects],
    );
  } finally {
    kv.close();
    await etcd.stop();
  }
});

test.run();
