import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DhcpClient, type Reply, readReply, whyNotBootable, writeClientPacket } from '../../vdc/dhcp-client.ts';
import { readOptions } from '../../vdc/dhcp-packet.ts';

const uuid = '4c4c4544-0000-2010-8020-80c04f202000';
const firmware: DhcpClient = { program: 'firmware', mac: '52:54:00:0a:00:00', uuid };
const ipxe: DhcpClient = { ...firmware, program: 'ipxe' };
const xid = 0xdeadbeef;
const selection = { serverId: '10.69.0.3', address: '10.69.0.68' };

test('the firmware DISCOVER is that of OVMF 2022.11, byte for byte', () => {
  // As captured from a real OVMF with this MAC and UUID.
  const header = `01010600deadbeef00008000${'00'.repeat(16)}5254000a0000${'00'.repeat(202)}`;
  const options =
    '63825363350101390205c0371b0102030405060c0d0f111216171c28292a2b3233363a3b3ceb4361' +
    '61110044454c4c00001020802080c04f2020005e030103005d0200103c21' +
    `${Buffer.from('HTTPClient:Arch:00016:UNDI:003000').toString('hex')}ff`;
  assert.is(writeClientPacket(firmware, xid, 0, null).toString('hex'), header + options);
});

test('packets have the sizes and options of those captured', () => {
  const codes = (packet: Buffer): number[] => readOptions(packet).map((option) => option.code);
  const request = writeClientPacket(firmware, xid, 0, selection);
  assert.is(request.length, 352);
  assert.equal(codes(request), [53, 54, 50, 57, 55, 97, 94, 93, 60]);

  const discover = writeClientPacket(ipxe, xid, 3, null);
  assert.is(discover.length, 388);
  assert.equal(codes(discover), [53, 57, 93, 94, 60, 77, 55, 175, 61, 97]);
  assert.is(discover.readUInt16BE(10), 0, 'iPXE asks for unicast');
  assert.is(discover.readUInt16BE(8), 3, 'secs');
  assert.equal(codes(writeClientPacket(ipxe, xid, 0, selection)).slice(-2), [54, 50]);
});

interface Fields {
  op?: number;
  xid?: number;
  flags?: number;
  yiaddr?: number;
  mac?: string;
  magic?: number;
  options?: string;
}

const offered = '350102360404040404330400000e10';

function reply(fields: Fields): Buffer {
  const header = Buffer.alloc(240);
  header.set([fields.op ?? 2, 1, 6]);
  header.writeUInt32BE(fields.xid ?? xid, 4);
  header.writeUInt16BE(fields.flags ?? 0x8000, 10);
  header.writeUInt32BE(fields.yiaddr ?? 0x0a450044, 16);
  Buffer.from(fields.mac ?? '5254000a0000', 'hex').copy(header, 28);
  header.writeUInt32BE(fields.magic ?? 0x63825363, 236);
  return Buffer.concat([header, Buffer.from(fields.options ?? `${offered}ff`, 'hex')]);
}

test('a good OFFER is understood', () => {
  const padded = reply({ options: `00${offered}ff0000` });
  assert.equal(readReply(padded, firmware, xid), {
    type: 'offer',
    address: '10.69.0.68',
    serverId: '4.4.4.4',
    vendorClass: null,
    bootUrl: null,
    hasDns: false,
    leaseSeconds: 3600,
  });
  const nak = reply({ yiaddr: 0, options: '350106360404040404ff' });
  assert.is(readReply(nak, ipxe, xid).type, 'nak');
});

const refused: readonly (readonly [string, RegExp, Fields])[] = [
  ['a request', /op is 1/, { op: 1 }],
  ['another exchange', /xid/, { xid: 1 }],
  ['another card', /chaddr is 52:54:00:0a:00:01/, { mac: '5254000a0001' }],
  ['no cookie', /magic/, { magic: 0 }],
  ['broadcast flag lost', /flags 0x0/, { flags: 0 }],
  ['no address', /no address/, { yiaddr: 0 }],
  ['no message type', /option 53/, { options: '360404040404ff' }],
  ['a DISCOVER as answer', /option 53/, { options: '350101360404040404ff' }],
  ['no server id', /option 54/, { options: '350102ff' }],
  ['a server id of three bytes', /option 54 is not four bytes/, { options: '3501023603040404ff' }],
  ['a lease time of one byte', /option 51 is not four bytes/, { options: '350102360404040404330105ff' }],
  ['an option past the end', /option 54 runs past/, { options: '3501023604040404' }],
  ['a code without length', /option 54 runs past/, { options: '35010236' }],
  ['no end option', /end option/, { options: offered }],
  ['bytes after the end', /follow the end/, { options: `${offered}ff01` }],
  ['an option twice', /option 54 comes twice/, { options: `${offered}360404040404ff` }],
  ['a NAK with an address', /NAK carries/, { options: '350106360404040404ff' }],
  ['a NAK the relay cannot deliver', /broadcast flag/, { flags: 0, yiaddr: 0, options: '350106360404040404ff' }],
];

for (const [name, problem, fields] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(() => readReply(reply(fields), firmware, xid), problem);
  });
}

test('refused: too short', () => {
  assert.throws(() => readReply(Buffer.alloc(240), firmware, xid), /too few/);
});

const bootable: Reply = {
  type: 'offer',
  address: '10.69.0.68',
  serverId: '10.69.0.3',
  vendorClass: 'HTTPClient',
  bootUrl: 'http://10.69.0.3/assets/x.efi',
  hasDns: false,
  leaseSeconds: 60,
};

const judged: readonly (readonly [string, Partial<Reply>, DhcpClient['program'], RegExp | null])[] = [
  ['as it should be', {}, 'firmware', null],
  ['a longer vendor class', { vendorClass: 'HTTPClient:Arch:00016' }, 'firmware', null],
  ['no vendor class', { vendorClass: null }, 'firmware', /option 60/],
  ['PXE vendor class', { vendorClass: 'PXEClient' }, 'firmware', /option 60/],
  ['no vendor class for iPXE', { vendorClass: null }, 'ipxe', null],
  ['no URL', { bootUrl: null }, 'ipxe', /option 67/],
  ['a file name', { bootUrl: 'ipxe.efi' }, 'firmware', /no http URL/],
  ['a NUL at its end', { bootUrl: 'http://10.69.0.3/x\0' }, 'firmware', /no http URL/],
  ['tftp', { bootUrl: 'tftp://10.69.0.3/x' }, 'firmware', /no http URL/],
  ['a name without DNS', { bootUrl: 'http://boot.example.com/x' }, 'firmware', /option 6\)/],
  ['a name with DNS', { bootUrl: 'http://boot.example.com/x', hasDns: true }, 'firmware', null],
];

for (const [name, change, program, problem] of judged) {
  test(`bootable? ${name}`, () => {
    const verdict = whyNotBootable({ ...bootable, ...change }, program);
    if (problem === null) assert.is(verdict, null);
    else assert.match(verdict ?? 'bootable', problem);
  });
}

test.run();
