import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import { reportPath } from '../../renderers/boot.ts';

const agent = fileURLToPath(new URL('../../examples/site-repo/ignition/common/bin/berth-node', import.meta.url));
const digest = '5e'.repeat(32);
const bootId = '0f1d2c3b-4a59-4687-9697-a5b4c3d2e1f0';
const commandLine = `initrd=initrd.cpio.gz berth.server=http://10.69.0.3:8080 berth.generation=7 berth.boot=${digest} quiet\n`;

/** A machine as the agent sees it: files under a root, and a curl that writes down its arguments. */
interface Machine {
  root: string;
  commandLine: string;
  serial: string;
  address: string;
}

const test = suite<Machine>('berth-node');

test.before.each(async (machine) => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'berth-node-'));
  Object.assign(machine, { root, commandLine, serial: 'FQ7K2D3 \n', address: '10.69.0.4' });
  await writeFile(path.join(root, 'curl'), '#!/bin/sh\nprintf "%s\\n" "$@" >"$BERTH_ROOT/arguments"\n');
  await chmod(path.join(root, 'curl'), 0o755);
});

test.after.each(({ root }) => rm(root, { recursive: true }));

interface Outcome {
  readonly exitCode: number;
  readonly stderr: string;
  /** Arguments of curl; null when it was not called. */
  readonly sent: readonly string[] | null;
}

async function report({ root, commandLine, serial, address }: Machine): Promise<Outcome> {
  for (const [file, text] of [
    ['proc/cmdline', commandLine],
    ['proc/sys/kernel/random/boot_id', `${bootId}\n`],
    ['sys/class/dmi/id/product_serial', serial],
  ] as const) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  const env = { PATH: `${root}:${process.env.PATH ?? ''}`, BERTH_ROOT: root, BERTH_ADDRESS: address };
  const { exitCode, stderr } = await new Promise<Omit<Outcome, 'sent'>>((resolve) => {
    execFile('sh', [agent], { env, timeout: 10_000 }, (error, _, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stderr });
    });
  });
  const sent = await readFile(path.join(root, 'arguments'), 'utf8').then(
    (text) => text.trimEnd().split('\n'),
    () => null,
  );
  return { exitCode, stderr, sent };
}

function afterFlag(sent: readonly string[] | null, flag: string): string | undefined {
  return sent?.[sent.indexOf(flag) + 1];
}

test('reports what was booted to the server that booted it', async (machine) => {
  const { exitCode, stderr, sent } = await report(machine);
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.equal(sent?.at(-1), `http://10.69.0.3:8080${reportPath('FQ7K2D3')}`);
  assert.deepEqual(JSON.parse(afterFlag(sent, '--data') ?? ''), {
    phase: 'running',
    bootDigest: digest,
    bootId,
    generation: 7,
    address: '10.69.0.4',
  });
  assert.equal(afterFlag(sent, '--header'), 'Content-Type: application/json');
  assert.ok(Number(afterFlag(sent, '--retry')) > 0);
});

test('of an argument that stands twice the last one counts, as for the kernel', async (machine) => {
  machine.commandLine = `${commandLine.trimEnd()} berth.generation=8\n`;
  const { sent } = await report(machine);
  assert.equal(JSON.parse(afterFlag(sent, '--data') ?? '').generation, 8);
});

const refusals: readonly (readonly [what: string, change: Partial<Machine>, stderr: RegExp])[] = [
  ['a missing server', { commandLine: 'quiet' }, /has no berth\.server/],
  ['a missing digest', { commandLine: commandLine.replace('berth.boot', 'x') }, /has no berth\.boot/],
  ['a generation that is no number', { commandLine: commandLine.replace('=7', '=7,') }, /berth\.generation is '7,'/],
  ['a serial that is no plain text', { serial: 'A"B/../C\n' }, /serial number is 'A"B/],
  ['an empty serial', { serial: ' \n' }, /serial number is ''/],
  ['an address that is none', { address: 'fe80::1' }, /BERTH_ADDRESS is 'fe80::1'/],
];

for (const [what, change, stderr] of refusals) {
  test(`sends nothing with ${what}`, async (machine) => {
    const outcome = await report(Object.assign(machine, change));
    assert.notEqual(outcome.exitCode, 0);
    assert.match(outcome.stderr, stderr);
    assert.equal(outcome.sent, null);
  });
}

test.run();
