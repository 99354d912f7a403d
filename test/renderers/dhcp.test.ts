import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DhcpSources, renderDhcp } from '../../renderers/dhcp.ts';
import { ipv4 } from '../../schema/ipv4.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { AssetPin } from '../../schema/types/releases-object.ts';

const digest = (digits: string): string => digits.repeat(32);

function asset(name: string, digits: string): AssetPin {
  return { name, source: `https://mirror.example/${name}`, sha256: digest(digits), sizeBytes: 1 };
}

function machineObject(serial: string, slot: number, macs: string[]): MachineObject {
  return {
    kind: 'machine',
    serial,
    name: `rack0-cs${slot}`,
    rack: 'rack0',
    slot,
    role: 'cs',
    macs,
    node: `10.69.0.${slot}`,
    links: [
      { tor: 'rack0-tor1', address: `10.69.0.${64 + slot}`, prefixLength: 26, gateway: '10.69.0.65' },
      { tor: 'rack0-tor2', address: `10.69.0.${128 + slot}`, prefixLength: 26, gateway: '10.69.0.129' },
    ],
    bmc: { type: 'redfish', address: `10.72.17.${slot}`, prefixLength: 27, gateway: '10.72.17.1' },
    labels: {},
    boot: {
      os: 'flatcar',
      kernel: digest('11'),
      initrd: digest('22'),
      arguments: [],
      ignitionSource: digest('33'),
      ignition: digest('44'),
    },
    bootDigest: digest('55'),
  };
}

const sources: DhcpSources = {
  site: {
    kind: 'site',
    site: 'tokyo1',
    domain: 'dc.example',
    dns: ['10.71.0.53', '10.71.0.54'],
    ntp: ['10.71.0.123'],
    leaseSeconds: 3600,
    servers: [{ name: 'boot0', rack: 0, joined: true, node: '10.69.0.3', links: ['10.69.0.67', '10.69.0.131'] }],
    rollout: { racksAtOnce: 1, maxUnavailablePerRack: 1, canaries: 1, deadlineSeconds: 600 },
    releases: digest('66'),
    ignition: {},
    racks: { rack0: digest('77') },
  },
  racks: [
    {
      kind: 'rack',
      name: 'rack0',
      rack: 0,
      asn: 64_600,
      powerFeed: 'a',
      tors: [
        { name: 'rack0-tor1', address: '10.69.0.65', prefixLength: 26, links: [] },
        { name: 'rack0-tor2', address: '10.69.0.129', prefixLength: 26, links: [] },
      ],
      machines: { 'SN-1': digest('88'), 'SN-2': digest('99') },
    },
  ],
  machines: [
    machineObject('SN-1', 4, ['52:54:00:00:00:41', '52:54:00:00:00:42']),
    machineObject('SN-2', 5, ['52:54:00:00:00:51']),
  ],
  releases: { kind: 'releases', os: {}, bootPrograms: { x64: asset('ipxe.efi', 'ab') } },
};

const server = { serverId: '10.69.0.3', baseUrl: 'http://10.69.0.3:8080' };

test('the tables of a small site', () => {
  const subnetMask = ipv4('255.255.255.192');
  const first = {
    serial: 'SN-1',
    name: 'rack0-cs4',
    rack: 'rack0',
    links: [
      { address: ipv4('10.69.0.68'), subnetMask, gateway: ipv4('10.69.0.65') },
      { address: ipv4('10.69.0.132'), subnetMask, gateway: ipv4('10.69.0.129') },
    ],
    ipxeScriptUrl: 'http://10.69.0.3:8080/boot/SN-1/ipxe',
  };
  const second = {
    serial: 'SN-2',
    name: 'rack0-cs5',
    rack: 'rack0',
    links: [
      { address: ipv4('10.69.0.69'), subnetMask, gateway: ipv4('10.69.0.65') },
      { address: ipv4('10.69.0.133'), subnetMask, gateway: ipv4('10.69.0.129') },
    ],
    ipxeScriptUrl: 'http://10.69.0.3:8080/boot/SN-2/ipxe',
  };
  assert.equal(renderDhcp(sources, server), {
    serverId: ipv4('10.69.0.3'),
    leaseSeconds: 3600,
    domain: 'dc.example',
    dns: [ipv4('10.71.0.53'), ipv4('10.71.0.54')],
    ntp: [ipv4('10.71.0.123')],
    relays: new Map([
      [ipv4('10.69.0.65'), { rack: 'rack0', tor: 'rack0-tor1' }],
      [ipv4('10.69.0.129'), { rack: 'rack0', tor: 'rack0-tor2' }],
    ]),
    machines: new Map([
      ['52:54:00:00:00:41', first],
      ['52:54:00:00:00:42', first],
      ['52:54:00:00:00:51', second],
    ]),
    bootProgramUrls: { x64: `http://10.69.0.3:8080/assets/${digest('ab')}/ipxe.efi` },
  });
});

test('both cards of a machine are one machine', () => {
  const { machines } = renderDhcp(sources, server);
  assert.is(machines.get('52:54:00:00:00:41'), machines.get('52:54:00:00:00:42'));
});

test('each pinned boot program has a URL, and no other architecture does', () => {
  const bootPrograms = { x64: asset('ipxe x64.efi', 'ab'), arm64: asset('ipxe.efi', 'cd'), sparc: asset('silo', 'ef') };
  const releases = { ...sources.releases, bootPrograms };
  assert.equal(renderDhcp({ ...sources, releases }, server).bootProgramUrls, {
    x64: `http://10.69.0.3:8080/assets/${digest('ab')}/ipxe%20x64.efi`,
    arm64: `http://10.69.0.3:8080/assets/${digest('cd')}/ipxe.efi`,
  });
});

const masks: readonly [prefixLength: number, mask: string][] = [
  [32, '255.255.255.255'],
  [26, '255.255.255.192'],
  [16, '255.255.0.0'],
  [1, '128.0.0.0'],
  [0, '0.0.0.0'],
];

for (const [prefixLength, mask] of masks) {
  test(`the mask of /${prefixLength} is ${mask}`, () => {
    const machine = machineObject('SN-1', 4, ['52:54:00:00:00:41']);
    const links = machine.links.map((link) => ({ ...link, prefixLength }));
    const { machines } = renderDhcp({ ...sources, machines: [{ ...machine, links }] }, server);
    const masksGiven = machines.get('52:54:00:00:00:41')?.links.map(({ subnetMask }) => subnetMask);
    assert.equal(masksGiven, [ipv4(mask), ipv4(mask)]);
  });
}

test('text that is no address is refused', () => {
  assert.throws(
    () => renderDhcp(sources, { ...server, serverId: 'boot0' }),
    (error: unknown) => error instanceof RangeError,
  );
});

test('the same objects render to the same tables, and are left as they are', () => {
  const before = structuredClone(sources);
  assert.equal(renderDhcp(sources, server), renderDhcp(sources, server));
  assert.equal(sources, before);
});

test.run();
