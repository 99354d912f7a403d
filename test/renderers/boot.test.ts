import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assetPath, ignitionPath, ipxeScript, reportPath, scriptPath } from '../../renderers/boot.ts';
import rackSchema from '../../schema/site/rack.schema.json' with { type: 'json' };
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { AssetPin, ReleasesObject } from '../../schema/types/releases-object.ts';

const digest = (digits: string): string => digits.repeat(32);

function pin(name: string, digits: string): AssetPin {
  return { name, source: `https://mirror.example/${name}`, sha256: digest(digits), sizeBytes: 1 };
}

const releases: ReleasesObject = {
  kind: 'releases',
  os: {
    flatcar: { kernel: pin('vmlinuz', 'a1'), initrd: pin('initrd.cpio.gz', 'b2') },
    odd: { kernel: pin('vm linuz', 'a1'), initrd: pin('init?rd #1.gz', 'b2') },
  },
  bootPrograms: { x64: pin('ipxe.efi', 'c3') },
};

const machine: MachineObject = {
  kind: 'machine',
  serial: 'FQ7K2D3',
  name: 'r0-04',
  rack: 'r0',
  slot: 4,
  role: 'cs',
  macs: ['02:be:00:00:04:01'],
  node: '10.69.0.4',
  links: [],
  bmc: { type: 'redfish', address: '10.72.17.4', prefixLength: 20, gateway: '10.72.16.1' },
  labels: {},
  boot: {
    os: 'flatcar',
    kernel: digest('a1'),
    initrd: digest('b2'),
    arguments: ['console=ttyS0,115200n8', 'quiet'],
    ignitionSource: digest('d4'),
    ignition: digest('e5'),
  },
  bootDigest: digest('f6'),
};

const options = { baseUrl: 'http://10.69.0.3:10080', generation: 7 };

test('the script of a machine', () => {
  assert.is(
    ipxeScript(machine, releases, options),
    `#!ipxe
kernel http://10.69.0.3:10080/assets/${digest('a1')}/vmlinuz ${[
      'initrd=initrd.cpio.gz',
      'ignition.firstboot=1',
      'ignition.platform.id=metal',
      `ignition.config.url=http://10.69.0.3:10080/ignition/FQ7K2D3/${digest('e5')}`,
      'berth.server=http://10.69.0.3:10080',
      'berth.generation=7',
      `berth.boot=${digest('f6')}`,
      'console=ttyS0,115200n8',
      'quiet',
    ].join(' ')}
initrd --name initrd.cpio.gz http://10.69.0.3:10080/assets/${digest('b2')}/initrd.cpio.gz
boot
`,
  );
});

test('a file name with odd characters stays one word, and the kernel looks for the name that the initrd gets', () => {
  const script = ipxeScript({ ...machine, boot: { ...machine.boot, os: 'odd', arguments: [] } }, releases, options);
  const [, kernel = '', initrd = ''] = script.split('\n');
  assert.is(kernel.split(' ')[1], `http://10.69.0.3:10080/assets/${digest('a1')}/vm%20linuz`);
  assert.is(kernel.split(' ')[2], 'initrd=init%3Frd%20%231.gz');
  assert.equal(initrd.split(' ').slice(1, 3), ['--name', 'init%3Frd%20%231.gz']);
  assert.is(script.split('\n').length, 5);
});

test('an operating system that the blueprint does not pin', () => {
  assert.throws(
    () => ipxeScript({ ...machine, boot: { ...machine.boot, os: 'gone' } }, releases, options),
    (error: unknown) => error instanceof RangeError && error.message.includes('FQ7K2D3 boots gone'),
  );
});

test('the layout of URLs', () => {
  assert.is(assetPath(pin('ipxe.efi', 'ab')), `/assets/${digest('ab')}/ipxe.efi`);
  assert.is(scriptPath('S-1'), '/boot/S-1/ipxe');
  assert.is(ignitionPath('S-1', digest('ab')), `/ignition/S-1/${digest('ab')}`);
  assert.is(reportPath('S-1'), '/nodes/S-1/report');
});

test('every serial that a rack may hold goes through a URL as it is', () => {
  const pattern = new RegExp(rackSchema.$defs.machine.properties.serial.pattern, 'u');
  const characters = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code));
  const allowed = characters.filter((char) => pattern.test(`S${char}`));
  const serials = [...allowed.map((char) => `S${char}`), 'S..', `S${allowed.slice(0, 62).join('')}`];
  assert.ok(serials.every((serial) => pattern.test(serial)));
  for (const serial of serials) {
    for (const path of [scriptPath(serial), ignitionPath(serial, digest('ab')), reportPath(serial)]) {
      const url = new URL(path, options.baseUrl);
      assert.is(url.pathname, path);
      assert.is(`${url.search}${url.hash}`, '');
    }
  }
  for (const serial of ['..', '.', '', 'a/b', 'a b', 'a%2e', 'a?b', 'a#b', '-a', 'é'])
    assert.not.ok(pattern.test(serial), serial);
});

test.run();
