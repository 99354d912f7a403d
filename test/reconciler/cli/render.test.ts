// berth render, as a user calls it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { example, exampleWith } from '../plan/example.ts';
import { berth, exampleFolder, SiteCopy } from './command.ts';

const serial = 'FQ7K2D3';
const machine = example.blueprint.machines.get(serial);
const broken = new SiteCopy();
broken.replace('roles/cs.yaml', 'arguments:', 'argumens:');
test.after(() => broken.remove());

const render = (what: string, name: string) => berth(['render', what, name, exampleFolder]);
const said = {
  ignition: render('ignition', 'r0-04'),
  ipxe: render('ipxe', serial),
  dhcp: render('dhcp', 'r0-04'),
  machine: render('machine', serial),
  machineByName: render('machine', 'r0-04'),
};

test('the machine as the blueprint has it, by serial or by name', async () => {
  const { exitCode, stdout, stderr } = await said.machine;
  assert.equal(JSON.parse(stdout), machine);
  assert.is(stderr, '');
  assert.is(exitCode, 0);
  assert.equal(await said.machineByName.then((other) => other.stdout), stdout);
});

test('its Ignition', async () => {
  const { exitCode, stdout } = await said.ignition;
  const config = JSON.parse(stdout) as {
    ignition: { version: string };
    storage: { files: { path: string; contents: { source: string } }[] };
  };
  assert.is(config.ignition.version, '3.3.0');
  const hostname = config.storage.files.find(({ path }) => path === '/etc/hostname')?.contents.source;
  assert.is(decodeURIComponent(hostname ?? ''), 'data:,r0-04\n');
  assert.is(exitCode, 0);
});

test('the iPXE script that boots it', async () => {
  const { exitCode, stdout } = await said.ipxe;
  assert.ok(stdout.startsWith('#!ipxe\n'));
  assert.ok(stdout.includes(machine?.boot.kernel ?? 'never'));
  assert.ok(stdout.includes(`berth.boot=${machine?.bootDigest}`));
  assert.match(stdout, /http:\/\/10\.69\.0\.3\//);
  assert.is(exitCode, 0);
});

test('what DHCP answers, by the relay that asks', async () => {
  const { exitCode, stdout } = await said.dhcp;
  const { hostName, links } = JSON.parse(stdout) as { hostName: string; links: { relay: string; address: string }[] };
  assert.is(hostName, 'r0-04');
  assert.equal(
    links.map(({ relay, address }) => `${relay} ${address}`),
    ['10.69.0.65 10.69.0.68', '10.69.0.129 10.69.0.132'],
  );
  assert.is(exitCode, 0);
});

test('what cannot be rendered is said in one line, with what may be meant', async () => {
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['ignition', 'r0-4', exampleFolder], 'no machine has the serial or name r0-4; did you mean r0-04?'],
    [['ignition', 'FQ7K2D4', exampleFolder], 'no machine has the serial or name FQ7K2D4; did you mean FQ7K2D3?'],
    [['ignition', 'wholly-other', exampleFolder], 'no machine has the serial or name wholly-other'],
    [
      ['ignitoin', 'r0-04', exampleFolder],
      'ignitoin cannot be rendered: it is none of ignition, ipxe, dhcp, machine; did you mean ignition?',
    ],
    [['toString', 'r0-04', exampleFolder], 'toString cannot be rendered: it is none of ignition, ipxe, dhcp, machine'],
    [['ignition', 'r0-04', '/nowhere'], 'there is no folder /nowhere'],
  ];
  const all = await Promise.all(rows.map(([args]) => berth(['render', ...args])));
  for (const [index, { exitCode, stdout, stderr }] of all.entries()) {
    assert.is(stderr, `berth: ${rows[index]?.[1]}\n`);
    assert.is(stdout, '');
    assert.is(exitCode, 1);
  }
});

test('of a site with findings nothing is rendered', async () => {
  const { exitCode, stdout, stderr } = await berth(['render', 'machine', 'r0-04', 'site'], { cwd: broken.parent });
  assert.match(stderr, /^site\/roles\/cs\.yaml:4:1: error BERTH-005: /);
  assert.is(stdout, '');
  assert.is(exitCode, 1);
});

test('what is rendered is what the files on disk say', async () => {
  const copy = new SiteCopy();
  try {
    copy.replace('roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1');
    const { stdout } = await berth(['render', 'machine', serial], { cwd: copy.folder });
    const changed = exampleWith(['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1']);
    assert.equal(JSON.parse(stdout), changed.blueprint.machines.get(serial));
  } finally {
    copy.remove();
  }
});

test.run();
