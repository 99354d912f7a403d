import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decode, encode, putRecord, type RecordKind, readRecord, records } from '../../../schema/state/records.ts';
import { isStateError } from '../../../schema/state/state-error.ts';

const digest = 'ab'.repeat(32);
const commit = 'cd'.repeat(20);
const at = '2026-01-02T03:04:05Z';

/** Of each kind one value, and the key that it belongs under. */
const samples: { readonly [K in keyof typeof records]: readonly [key: string, value: RecordOf<(typeof records)[K]>] } =
  {
    target: ['target', { generation: 1, root: digest, commit, parent: null, acceptedAt: at }],
    history: [
      'history/0000000001/0000000002',
      { sequence: 2, generation: 1, at, server: 'boot-0', event: 'published', commit, detail: '', previous: digest },
    ],
    observedMachine: [
      'observed/machine/S1',
      {
        ...{ serial: 'S1', phase: 'running', bootDigest: digest, bootId: 'b', generation: 1 },
        ...{ address: '10.0.0.1', server: 'boot-0', at },
      },
    ],
    observedServer: [
      'observed/server/boot-0',
      { name: 'boot-0', generation: 0, root: null, assets: [digest], url: 'http://10.0.0.1', version: '1', at },
    ],
    observedAgent: ['observed/agent/boot-0', { name: 'boot-0', leader: true, version: '1', at }],
    operation: [
      'operation/S1',
      { serial: 'S1', kind: 'restart', generation: 1, bootDigest: digest, bootIdBefore: null, since: at, attempts: 0 },
    ],
    leader: ['leader/agent', { name: 'boot-0', since: at }],
  };

type RecordOf<K> = K extends RecordKind<infer T> ? T : never;

function entryOf(key: string, value: string) {
  return { key, value, createRevision: 1n, modRevision: 1n, lease: null };
}

/** The message of the STATE_INVALID that is thrown. */
function complaint(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isStateError(error, 'STATE_INVALID')) return error.message;
    throw error;
  }
  return 'no complaint';
}

for (const name of Object.keys(samples) as (keyof typeof samples)[]) {
  // The kinds differ in their type only, which a loop over them cannot know.
  const kind = records[name] as RecordKind<object>;
  const [key, value]: readonly [string, object] = samples[name];

  test(`${name}: a value comes back as it was, from under its key`, () => {
    const put = putRecord(kind, value, '17');
    assert.equal({ ...put, value: '' }, { key, value: '', lease: '17' });
    assert.equal(decode(kind, put.value), value);
    assert.equal(readRecord(kind, entryOf(key, put.value)), value);
    assert.not('lease' in putRecord(kind, value));
  });

  test(`${name}: neither more nor less than its members is let in or out`, () => {
    const more = { ...value, stowaway: 1 };
    assert.match(
      complaint(() => encode(kind, more)),
      /it has the unknown member stowaway/,
    );
    assert.match(
      complaint(() => decode(kind, JSON.stringify(more))),
      /it has the unknown member stowaway/,
    );
    for (const member of Object.keys(value)) {
      const less = { ...value, [member]: undefined };
      assert.match(
        complaint(() => encode(kind, less)),
        `it must have required property '${member}'`,
      );
      assert.match(
        complaint(() => decode(kind, JSON.stringify(less))),
        `it must have required property '${member}'`,
      );
    }
  });
}

test('the text is canonical', () => {
  const { target } = records;
  const [, value] = samples.target;
  assert.is(encode(target, Object.fromEntries(Object.entries(value).reverse()) as typeof value), encode(target, value));
  assert.is(encode(records.leader, samples.leader[1]), `{"name":"boot-0","since":"${at}"}`);
});

test('a value in the wrong form is named with its place', () => {
  const [, machine] = samples.observedMachine;
  const table = [
    [{ address: '10.0.0.256' }, '/address must match format "ipv4"'],
    [{ address: '10.0.0.01' }, '/address must match format "ipv4"'],
    [{ at: 'yesterday' }, '/at must match format "date-time"'],
    [{ at: '2026-13-02T03:04:05Z' }, '/at must match format "date-time"'],
    [{ phase: 'asleep' }, '/phase must be one of booting, provisioning, running'],
    [{ generation: 0 }, '/generation must be >= 1'],
    [{ generation: 1.5 }, '/generation must be integer'],
    [{ generation: 2 ** 60 }, 'has no canonical form'],
    [{ bootDigest: 'AB' }, '/bootDigest must match pattern'],
  ] as const;
  for (const [fault, expected] of table) {
    const value = { ...machine, ...fault } as typeof machine;
    assert.ok(complaint(() => encode(records.observedMachine, value)).includes(expected), expected);
  }
  const entry = entryOf('observed/machine/S1', JSON.stringify({ ...machine, phase: 'asleep' }));
  assert.match(
    complaint(() => readRecord(records.observedMachine, entry)),
    /^observed\/machine\/S1 is no ObservedMachine/,
  );
});

test('what is no JSON, or belongs elsewhere, is refused with its key', () => {
  const { operation } = records;
  const text = encode(operation, samples.operation[1]);
  assert.match(
    complaint(() => readRecord(operation, entryOf('operation/S1', text.slice(1)))),
    /^operation\/S1 is no JSON/,
  );
  assert.match(
    complaint(() => readRecord(operation, entryOf('operation/S2', text))),
    /^operation\/S2 holds what belongs/,
  );
});

test.run();
