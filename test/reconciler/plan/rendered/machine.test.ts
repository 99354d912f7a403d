// What is rendered for one machine, part by part.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ignitionParts } from '../../../../reconciler/plan/rendered/ignition.ts';
import {
  dhcpAnswer,
  machineIgnition,
  machineParts,
  machineScript,
} from '../../../../reconciler/plan/rendered/machine.ts';
import { example } from '../example.ts';

const { blueprint } = example;
const machine = [...blueprint.machines.values()].find(({ name }) => name === 'r0-04');
if (!machine) throw new Error('the example has no r0-04');

test('files are shown with their mode and their text', () => {
  const parts = machineParts(blueprint, machine);
  assert.is(parts.get('Ignition file /etc/hostname'), 'mode: 0644\noverwrite: true\n\nr0-04\n');
  assert.match(parts.get('Ignition file /etc/bird/bird.conf') ?? '', /\n\n(.*\n)*.*router id/);
  assert.match(parts.get('Ignition unit bird.service') ?? '', /^enabled: true\n\n/);
  assert.is(parts.get('Ignition directory /etc/bird/conf.d'), 'mode: 0755\n');
  assert.match(parts.get('Ignition link /etc/localtime') ?? '', /^target: \/usr\/share\/zoneinfo\/UTC$/m);
  assert.match(parts.get('Ignition user core') ?? '', /^sshAuthorizedKeys: \["ssh-ed25519 /);
});

test('no part of the config is left out', () => {
  const config = JSON.parse(machineIgnition(blueprint, machine)) as Record<string, Record<string, unknown>>;
  const entries = Object.values(config).flatMap((section) =>
    Object.values(section).flatMap((list) => (Array.isArray(list) ? list : [list])),
  );
  assert.is(ignitionParts(JSON.stringify(config)).length, entries.length);
});

test('the kernel has one argument a line', () => {
  const script = machineParts(blueprint, machine).get('iPXE script') ?? '';
  assert.is(script.replace(/\n {2}/g, ' '), machineScript(blueprint, machine));
  assert.match(script, '\n  console=tty0\n');
});

test('the DHCP answer is that of the table that boot servers answer from', () => {
  const answer = JSON.parse(dhcpAnswer(blueprint, machine)) as Record<string, unknown>;
  assert.equal(answer.dns, blueprint.site.dns);
  assert.equal(answer.macs, machine.macs);
  assert.equal((answer.links as { relay: string; tor: string; address: string; subnetMask: string }[])[0], {
    relay: '10.69.0.65',
    tor: 'r0-tor1',
    address: '10.69.0.68',
    subnetMask: '255.255.255.192',
    router: '10.69.0.65',
  });
});

const contentsRows: readonly (readonly [name: string, contents: unknown, expected: string | RegExp])[] = [
  ['percent-encoded', { source: 'data:,a%20b%0A' }, 'a b\n'],
  ['base64', { source: `data:text/plain;base64,${Buffer.from('ä\n').toString('base64')}` }, 'ä\n'],
  ['no text', { source: 'data:;base64,/wD/' }, /^binary, 3 bytes, sha256 [0-9a-f]{64}$/],
  ['elsewhere', { source: 'https://example.com/x' }, '{\n  "source": "https://example.com/x"\n}\n'],
  ['compressed', { source: 'data:,x', compression: 'gzip' }, /"compression": "gzip"/],
  ['empty', { source: 'data:,' }, ''],
];

for (const [name, contents, expected] of contentsRows) {
  test(`contents: ${name}`, () => {
    const [[, text] = ['', '']] = ignitionParts(JSON.stringify({ storage: { files: [{ path: '/x', contents }] } }));
    if (typeof expected === 'string') assert.is(text, expected);
    else assert.match(text, expected);
  });
}

test('drop-ins stand under their names', () => {
  const unit = { name: 'x.service', enabled: false, dropins: [{ name: 'a.conf', contents: '[Service]\n' }] };
  assert.equal(ignitionParts(JSON.stringify({ systemd: { units: [unit] } })), [
    ['Ignition unit x.service', 'enabled: false\n\ndrop-in a.conf:\n[Service]\n'],
  ]);
});

test.run();
