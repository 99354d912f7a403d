// How berth helps those who do not know it yet.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import packageFile from '../../../package.json' with { type: 'json' };
import { berth, type Said } from './command.ts';

const overview = berth(['--help']);

/** As the overview lists them, but for `help` itself. */
async function commands(): Promise<readonly string[]> {
  const { stdout } = await overview;
  const list = stdout.slice(stdout.indexOf('\nCommands:\n'));
  return [...list.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}

test('berth --help lists the commands', async () => {
  const { exitCode, stdout, stderr } = await overview;
  assert.match(stdout, /^Usage: berth \[options\] \[command\]\n/);
  assert.is(stderr, '');
  assert.is(exitCode, 0);
  const listed = await commands();
  for (const name of ['up', 'validate', 'plan', 'render', 'status', 'agent', 'boot', 'stand-ins']) {
    assert.ok(listed.includes(name), `${name} is listed`);
  }
});

test('every command has help of its own', async () => {
  const names = await commands();
  const helps = await Promise.all(names.map((name) => berth([name, '--help'])));
  for (const [index, { exitCode, stdout, stderr }] of helps.entries()) {
    const name = names[index];
    assert.match(stdout, new RegExp(`^Usage: berth ${name} `), name);
    assert.match(stdout, / {2}-h, --help +\S/, name);
    // A sentence on what it does, and one on each option.
    assert.match(stdout, /^Usage: .+\n\n[a-z].{10}/, name);
    for (const [line] of stdout.matchAll(/^ {2}-.*$/gm)) assert.match(line, /^ {2}-.*\S {2,}\S|^ {2}-\S.*>$/, line);
    assert.is(stderr, '', name);
    assert.is(exitCode, 0, name);
  }
});

test('plan and validate say how they exit', async () => {
  const [plan, validate] = (await Promise.all([berth(['plan', '--help']), berth(['validate', '--help'])])) as [
    Said,
    Said,
  ];
  assert.match(plan.stdout, /exit 0 nothing, 2 changes, 1 error/);
  assert.match(validate.stdout, /exit 0 when every rule holds, 1 when not/);
});

test('--version', async () => {
  const { exitCode, stdout } = await berth(['--version']);
  assert.is(stdout, `${packageFile.version}\n`);
  assert.is(exitCode, 0);
});

test('without a command: the help, exit 1', async () => {
  const { exitCode, stdout, stderr } = await berth([]);
  assert.is(stderr, (await overview).stdout);
  assert.is(stdout, '');
  assert.is(exitCode, 1);
});

const faults: readonly (readonly [readonly string[], string])[] = [
  [['frobnicate'], "unknown command 'frobnicate'"],
  [['pln'], "unknown command 'pln' (Did you mean plan?)"],
  [['plan', '--frob'], "unknown option '--frob'"],
  [['plan', '--bas', 'main'], "unknown option '--bas' (Did you mean --base?)"],
  [['plan', '--base'], "option '--base <ref>' argument missing"],
  [['plan', 'a', 'b'], "too many arguments for 'plan'. Expected 1 argument but got 2"],
  [['render'], "missing required argument 'what'"],
  [['render', 'ipxe'], "missing required argument 'machine'"],
  [['agent'], "required option '--name <server>' not specified"],
];

test('a call that is wrong: one clear line, exit 1', async () => {
  const all = await Promise.all(faults.map(([args]) => berth(args)));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.is(stderr, `berth: ${faults[index]?.[1]}; --help shows what there is\n`);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

const values: readonly (readonly [readonly string[], string])[] = [
  [['boot', '--name', 'a', '--site', 's', '--data', 'd', '--dhcp', 'x'], '--dhcp x is not of the form 127.0.0.1:8080'],
  [['boot', '--name', 'a', '--site', 's', '--data', 'd', '--dhcp-reply', 'x'], '--dhcp-reply takes giaddr or source'],
  [
    ['agent', '--name', 'a', '--site', 's', '--repo', 'r', '--data', 'd', '--introduction', 'x'],
    "--introduction x is not of the form <commit id>:<fingerprint of its signer's key> (SHA256:…, or the 40 or 64 digits of an OpenPGP key)",
  ],
  [
    ['status', '--etcd', 'somewhere', '--site', 's'],
    '"somewhere" (from --etcd) is not of the form http://127.0.0.1:2379',
  ],
  [['status', '--etcd', '127.0.0.1:1', '--site', 'a/b'], '"a/b" (from --site) is no site id'],
  [['status', '--site', 's'], 'which etcd? Give --etcd or set BERTH_ETCD, or start one with berth up'],
  [['status', '--etcd', '127.0.0.1:1'], 'which site? Give --site or set BERTH_SITE'],
];

test('a value that makes no sense: one clear line, exit 1', async () => {
  const all = await Promise.all(values.map(([args]) => berth(args)));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.is(stderr, `berth: ${values[index]?.[1]}\n`);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test('a reader that has gone is no error', async () => {
  // `true` reads nothing and is gone long before berth writes.
  const line = 'set -o pipefail; node bin/berth.mjs render ignition r0-04 examples/site-repo | true';
  const said = await new Promise<readonly [number | null, string]>((resolve) => {
    const shell = execFile('bash', ['-c', line], (_, __, stderr) => resolve([shell.exitCode, stderr]));
  });
  assert.equal(said, [0, '']);
});

test('an output that cannot be written is said in one line, exit 1', async () => {
  const line = 'node bin/berth.mjs schema site > /dev/full';
  const said = await new Promise<readonly [number | null, string]>((resolve) => {
    const shell = execFile('bash', ['-c', line], (_, __, stderr) => resolve([shell.exitCode, stderr]));
  });
  assert.equal(said, [1, 'berth: the output cannot be written: ENOSPC: no space left on device, write\n']);
});

test('README.md names no command that there is not', async () => {
  const known = await commands();
  for (const [, name = ''] of readFileSync('README.md', 'utf8').matchAll(/npx berth ([a-z-]+)/g)) {
    assert.ok(known.includes(name), `README.md names berth ${name}`);
  }
});

test.run();
