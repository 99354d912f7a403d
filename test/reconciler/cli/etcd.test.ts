// time limit: 180 s
// berth plan and berth status against etcd, as a user calls them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../../reconciler/plan/plan.ts';
import { connectEtcd, type EtcdKv } from '../../../schema/state/etcd.ts';
import { putObjects } from '../../../schema/state/objects.ts';
import { putRecord, records } from '../../../schema/state/records.ts';
import type { ObservedAgent } from '../../../schema/types/observed-agent.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { ObservedServer } from '../../../schema/types/observed-server.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import type { Target } from '../../../schema/types/target.ts';
import { startEtcd } from '../../etcd.ts';
import { example, exampleWith } from '../plan/example.ts';
import { berth, exampleFolder, SiteCopy } from './command.ts';

const etcd = await startEtcd();
const changed = new SiteCopy();
changed.replace('roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1');
const stores: EtcdKv[] = [];
test.after(async () => {
  for (const kv of stores) kv.close();
  changed.remove();
  await etcd.stop();
});

const at = '2026-01-01T00:00:00.000Z';
const commit = 'c'.repeat(40);
const { blueprint, objects } = example;
const machines = [...blueprint.machines.values()];
const [first] = machines;

function storeOf(site: string): EtcdKv {
  const kv = connectEtcd({ endpoints: [etcd.url], site });
  stores.push(kv);
  return kv;
}

/** The example in force, its boot server alive, and every machine running it. */
async function bringUp(kv: EtcdKv): Promise<void> {
  await putObjects(kv, objects, []);
  const target: Target = { generation: 1, root: blueprint.root, commit, parent: null, acceptedAt: at };
  const agent: ObservedAgent = {
    name: 'boot-0',
    leader: true,
    version: '0.1.0',
    refused: { commit: 'd'.repeat(40), code: 'unknown-key', message: 'signed by a stranger', at },
    plan: { actions: 0, waiting: 0, headline: 'nothing to do, 32 untouched' },
    at,
  };
  const server: ObservedServer = {
    name: 'boot-0',
    generation: 1,
    root: blueprint.root,
    assets: ['a'.repeat(64)],
    url: 'http://10.69.0.3',
    version: '0.1.0',
    at,
  };
  const reports = machines.map(({ serial, bootDigest, node }): ObservedMachine => {
    const bootId = `boot-of-${serial}`;
    return { serial, phase: 'running', bootDigest, bootId, generation: 1, address: node, server: 'boot-0', at };
  });
  await kv.commit({
    when: [],
    put: [
      putRecord(records.target, target),
      putRecord(records.observedAgent, agent),
      putRecord(records.observedServer, server),
      ...reports.map((report) => putRecord(records.observedMachine, report)),
    ],
  });
}

/** Where nobody listens. */
const nobody = '127.0.0.1:1';
const standing = path.join(changed.parent, 'gone');
mkdirSync(path.join(standing, '.berth'), { recursive: true });
writeFileSync(path.join(standing, '.berth', 'run.json'), JSON.stringify({ site: 'tokyo0', etcd: nobody }));
const away = Promise.all([
  berth(['status', '--etcd', nobody, '--site', 'tokyo0']),
  berth(['plan', exampleFolder], { env: { BERTH_ETCD: nobody } }),
  berth(['status'], { cwd: standing }),
]);

const kv = storeOf('tokyo0');
const empty = await Promise.all([
  berth(['plan', exampleFolder, '--etcd', etcd.url]),
  berth(['status', '--etcd', etcd.url, '--site', 'tokyo0']),
]);
await bringUp(kv);

test('an empty etcd: everything is new, exit 2', () => {
  const [{ exitCode, stdout, stderr }] = empty;
  const [radius, heading, publish, first] = stdout.split('\n');
  assert.match(radius ?? '', /^Disruption: live object\. 32 of 32 machines boot for the first time /);
  assert.is(
    heading,
    `Plan for the files in ${exampleFolder}, against tokyo0 in etcd at ${etcd.url}: nothing → generation 1`,
  );
  assert.is(publish, `  publish    generation 1, blueprint ${blueprint.root.slice(0, 12)} (now)`);
  assert.match(first ?? '', /^ {2}first boot 32 machines \(r0-04 to r0-11, /);
  assert.match(stdout, '\nPublish generation 1, boot 32 machines for the first time.\n');
  assert.is(stderr, '');
  assert.is(exitCode, 2);
});

test('and its status says so', () => {
  const [, { exitCode, stdout }] = empty;
  assert.is(
    stdout,
    'tokyo0: nothing is in force yet\nno agent is alive\nno boot server is alive\nmachines: none has reported\n',
  );
  assert.is(exitCode, 0);
});

test('what is in force and runs: nothing to do, exit 0; etcd may be named by the environment', async () => {
  const { exitCode, stdout, stderr } = await berth(['plan', exampleFolder], { env: { BERTH_ETCD: etcd.url } });
  assert.match(stdout, /: generation 1 is in force\n {2}untouched {2}32 machines, because they run what they should\n/);
  assert.is(stderr, '');
  assert.is(exitCode, 0);
});

test('a change on disk: what it would do, exit 2', async () => {
  const { exitCode, stdout } = await berth(['plan', 'site', '--etcd', etcd.url], { cwd: changed.parent });
  assert.match(stdout, /because boot\.os flatcar-4081\.2\.0 → flatcar-4081\.3\.1 {2}site\/roles\/ss\.yaml:3:5\n/);
  assert.match(stdout, '\nPublish generation 2, restart 8 machines, 24 untouched.\n');
  assert.match(stdout, '\nr0-10, one of 8 machines that restart:\n--- iPXE script\n');
  assert.is(exitCode, 2);
});

test('what berth up left behind names etcd, too; a program gets JSON', async () => {
  const folder = path.join(changed.parent, '.berth');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ site: 'tokyo0', etcd: etcd.url }));
  const { exitCode, stdout } = await berth(['plan', 'site', '--json'], { cwd: changed.parent });
  const made = JSON.parse(stdout) as Plan;
  const { root } = exampleWith(['roles/ss.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1']).blueprint;
  assert.equal([made.generation, made.baseGeneration, made.root], [2, 1, root]);
  assert.is(exitCode, 2);
});

test('status: what is in force, who serves it, and how every machine is', async () => {
  if (!first) throw new Error('the example has machines');
  const operation: Operation = {
    serial: first.serial,
    kind: 'restart',
    generation: 1,
    bootDigest: first.bootDigest,
    bootIdBefore: 'boot-of-another-time',
    since: at,
    attempts: 1,
  };
  await kv.commit({ when: [], put: [putRecord(records.operation, operation)] });
  const [text, json] = await Promise.all([
    berth(['status', '--etcd', etcd.url, '--site', 'tokyo0']),
    berth(['status', '--json'], { env: { BERTH_ETCD: etcd.url, BERTH_SITE: 'tokyo0' } }),
  ]);
  assert.is(
    text.stdout,
    `tokyo0: generation 1 of commit cccccccccccc, since ${at}
agent boot-0 (leads): nothing to do, 32 untouched
  refused dddddddddddd since ${at}: unknown-key: signed by a stranger
boot server boot-0: serves generation 1 and 1 files at http://10.69.0.3
machines: 32 running
  restart of ${first.serial} since ${at}
`,
  );
  assert.is(text.exitCode, 0);
  const report = JSON.parse(json?.stdout ?? '') as Record<string, unknown[]> & { target: Target };
  assert.is(report.target.root, blueprint.root);
  assert.equal(
    ['agents', 'servers', 'machines', 'operations'].map((name) => report[name]?.length),
    [1, 1, 32, 1],
  );
});

test('status of an agent that is halted says why once, and of sources what is known of them', async () => {
  const other = storeOf('osaka0');
  const refused = { commit: 'd'.repeat(40), code: 'key-revoked', message: 'the key is revoked', at };
  const agent: ObservedAgent = {
    name: 'boot-0',
    leader: true,
    version: '0.1.0',
    held: 'key-revoked: the key is revoked',
    refused,
    plan: { actions: 0, waiting: 0, headline: 'nothing to do, 2 machines under way, halted' },
    sources: [
      {
        location: 'https://a.example.org/site.git',
        state: 'current',
        error: 'too-many-refs: 3 approvals are left out',
      },
      { location: 'https://b.example.org/site.git', state: 'behind' },
    ],
    at,
  };
  const idle: ObservedAgent = {
    ...agent,
    ...{ name: 'boot-1', leader: false, held: 'its memory is damaged', sources: [] },
    plan: { actions: 0, waiting: 0, headline: 'nothing to do, halted' },
  };
  const put = [agent, idle].map((one) => putRecord(records.observedAgent, one));
  await other.commit({ when: [], put });
  const { stdout } = await berth(['status', '--etcd', etcd.url, '--site', 'osaka0']);
  assert.equal(stdout.split('\n').slice(1, 9), [
    'agent boot-0 (leads): halted, 2 machines under way',
    '  begins nothing new',
    `  refused dddddddddddd since ${at}: key-revoked: the key is revoked`,
    '  https://a.example.org/site.git: too-many-refs: 3 approvals are left out',
    '  https://b.example.org/site.git lacks some of what was accepted',
    'agent boot-1: halted',
    '  begins nothing new: its memory is damaged',
    `  refused dddddddddddd since ${at}: key-revoked: the key is revoked`,
  ]);
});

test('a record that cannot be read is left out of a plan, and said', async () => {
  const other = storeOf('tokyo0');
  const key = `observed/machine/${machines[1]?.serial}`;
  const before = await other.get(key);
  await other.commit({ when: [], put: [{ key, value: '{"serial":1}' }] });
  const { exitCode, stdout, stderr } = await berth(['plan', exampleFolder, '--etcd', etcd.url]);
  assert.match(stderr, new RegExp(`^berth: left out: .*${key}`));
  assert.match(stdout, /\n {2}first boot 1 machine \(r0-05\)\n/);
  assert.is(exitCode, 2);
  await other.commit({ when: [], put: [{ key, value: before?.value ?? '' }] });
});

test('etcd is away: one clear line within a few seconds, exit 1', async () => {
  const [option, variable, file] = await away;
  const why = `(connect ECONNREFUSED ${nobody})\n`;
  assert.is(option.stderr, `berth: etcd at ${nobody} (from --etcd) does not answer ${why}`);
  assert.is(variable.stderr, `berth: etcd at ${nobody} (from BERTH_ETCD) does not answer ${why}`);
  const hint = `berth: etcd at ${nobody} (from .berth/run.json) does not answer: is berth up still running? ${why}`;
  assert.is(file.stderr, hint);
  for (const { exitCode, stdout, seconds } of [option, variable, file]) {
    assert.is(stdout, '');
    assert.is(exitCode, 1);
    assert.ok(seconds < 20, `${seconds} s`);
  }
});

test('an etcd that hangs: the same', async () => {
  etcd.hang();
  try {
    const { exitCode, stderr, seconds } = await berth(['status', '--etcd', etcd.url, '--site', 'tokyo0']);
    assert.match(
      stderr,
      new RegExp(`^berth: etcd at ${etcd.url} \\(from --etcd\\) does not answer \\(.*[Dd]eadline.*\\)\n$`),
    );
    assert.is(exitCode, 1);
    assert.ok(seconds < 25, `${seconds} s`);
  } finally {
    etcd.resume();
  }
});

test.run();
