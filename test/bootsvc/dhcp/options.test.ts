import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type OptionName, type Options, optionByCode, optionTable } from '../../../bootsvc/dhcp/options.ts';

/** A value for every option; the type asks for one when a row is added. */
const samples: Required<Options> = {
  subnetMask: 0xffffffc0,
  routers: [0x0a450041],
  dns: [0x0a470035, 0x0a470036],
  hostName: 'rack0-cs4',
  domainName: 'dc.example',
  broadcastAddress: 0x0a45007f,
  ntp: [0x0a47007b],
  vendorSpecific: Buffer.from([6, 1, 8]),
  requestedAddress: 0x0a450044,
  leaseSeconds: 0xffffffff,
  overload: 3,
  messageType: 'INFORM',
  serverId: 0x0a480003,
  parameterRequestList: [1, 3, 6, 255],
  message: 'no such address',
  maximumMessageBytes: 1472,
  renewalSeconds: 1800,
  rebindingSeconds: 3150,
  vendorClass: 'HTTPClient:Arch:00016:UNDI:003000',
  clientId: Buffer.from('015254000a0000', 'hex'),
  tftpServerName: '10.72.0.3',
  bootFile: `http://10.72.0.3/${'x'.repeat(300)}`,
  userClasses: ['iPXE', 'lab'],
  relayAgent: Buffer.from('0104737770330202beef', 'hex'),
  architectures: [0x10, 0x13],
  networkInterface: Buffer.from([1, 3, 0]),
  machineId: Buffer.from('0044454c4c00001020802080c04f202000', 'hex'),
  ipxe: Buffer.from('b105011af41000', 'hex'),
};

const names = Object.keys(optionTable) as OptionName[];

function payload(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

test('every option reads what it writes, in the middle of other bytes too', () => {
  for (const name of names) {
    const option = optionByCode(optionTable[name].code);
    const value = samples[name];
    const size = option.sizeOf(value);
    const bytes = Buffer.alloc(size + 7, 0xee);
    option.encode(value, bytes, 3);
    assert.equal(option.decode(bytes, 3, 3 + size), value, name);
    assert.is(bytes.subarray(0, 3).toString('hex'), 'eeeeee', `${name} writes before its payload`);
    assert.is(bytes.subarray(3 + size).toString('hex'), 'eeeeeeee', `${name} writes behind its payload`);
  }
});

test('every option has a code of its own, and is found by it', () => {
  assert.is(new Set(names.map((name) => optionTable[name].code)).size, names.length);
  for (const name of names) assert.is(optionByCode(optionTable[name].code).name, name);
});

test('a code without a row is raw bytes without a name', () => {
  const option = optionByCode(224);
  assert.is(option.name, undefined);
  assert.equal(option.decode(payload('0102'), 0, 2), payload('0102'));
});

const readings: readonly [name: OptionName, hex: string, value: unknown, why: string][] = [
  ['subnetMask', 'ffffffc0', 0xffffffc0, 'an address is unsigned'],
  ['subnetMask', 'ffffff', undefined, 'an address has four bytes'],
  ['requestedAddress', '0a45004401', undefined, 'an address has no more than four bytes'],
  ['dns', '0a470035 0a470036', [0x0a470035, 0x0a470036], 'addresses one after the other'],
  ['dns', '0a470035 0a4700', undefined, 'addresses come whole'],
  ['dns', '', [], 'no address is an empty list'],
  ['leaseSeconds', 'ffffffff', 0xffffffff, 'infinity is a number'],
  ['maximumMessageBytes', '05c0', 1472, 'two bytes, big end first'],
  ['maximumMessageBytes', 'c0', undefined, 'one byte is too few'],
  ['messageType', '01', 'DISCOVER', 'the first type'],
  ['messageType', '08', 'INFORM', 'the last type'],
  ['messageType', '00', undefined, 'type 0 does not exist'],
  ['messageType', '09', undefined, 'type 9 is not in RFC 2131'],
  ['messageType', '0101', undefined, 'a type is one byte'],
  ['hostName', '6e6f646500', 'node', 'a NUL at the end does not count'],
  ['hostName', '00', '', 'nothing but a NUL'],
  ['hostName', '6e00ff', 'n\0\u00ff', 'a NUL inside and a byte above 127 stay'],
  ['userClasses', '69505845', ['iPXE'], 'bare text, as iPXE sends it'],
  ['userClasses', '0469505845', ['iPXE'], 'RFC 3004'],
  ['userClasses', '0469505845036c6162', ['iPXE', 'lab'], 'RFC 3004 with two classes'],
  ['userClasses', '0569505845', ['\u0005iPXE'], 'a length past the end: bare text'],
  ['userClasses', '', [], 'nothing'],
  ['architectures', '00100013', [0x10, 0x13], 'two architectures'],
  ['architectures', '001000', undefined, 'an architecture has two bytes'],
  ['relayAgent', '01047377', payload('01047377'), 'option 82 is not looked into'],
];

for (const [name, hex, value, why] of readings) {
  test(`${name} of ${hex || 'no bytes'}: ${why}`, () => {
    const bytes = payload(hex);
    assert.equal(optionTable[name].decode(bytes, 0, bytes.length), value);
  });
}

test.run();
