import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodePacket, defaultLimitBytes, encodePacket, type Packet } from '../../../bootsvc/dhcp/packet.ts';
import { DhcpPacketError, type DhcpPacketErrorCode } from '../../../bootsvc/dhcp/packet-error.ts';
import { ipv4 } from '../../../schema/ipv4.ts';
import { ipxeDiscover, ovmfDiscover, ovmfRequest } from './firmware.ts';
import { httpX64, request } from './site.ts';

const optionsAt = 240;

/** OVMF's fixed part with other options. */
function withOptions(hex: string): Buffer {
  return Buffer.concat([ovmfDiscover.subarray(0, optionsAt), Buffer.from(hex.replaceAll(' ', ''), 'hex')]);
}

/** A copy of OVMF's DISCOVER with some bytes replaced. */
function patched(at: number, hex: string): Buffer {
  const bytes = Buffer.from(ovmfDiscover);
  bytes.set(Buffer.from(hex, 'hex'), at);
  return bytes;
}

function codeOf(bytes: Buffer): DhcpPacketErrorCode | null {
  try {
    decodePacket(bytes);
    return null;
  } catch (error) {
    if (error instanceof DhcpPacketError) return error.code;
    throw error;
  }
}

test('OVMF asks for UEFI HTTP boot', () => {
  assert.is(ovmfDiscover.length, 340, 'as long as the recording');
  assert.equal(decodePacket(ovmfDiscover), {
    op: 'request',
    hops: 0,
    xid: 0x4c3a9e01,
    secs: 0,
    broadcast: true,
    ciaddr: 0,
    yiaddr: 0,
    siaddr: 0,
    giaddr: 0,
    mac: '52:54:00:0a:00:00',
    sname: '',
    file: '',
    options: {
      messageType: 'DISCOVER',
      maximumMessageBytes: 1472,
      parameterRequestList: [
        1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 235, 67, 97,
      ],
      machineId: Buffer.from('0044454c4c00001020802080c04f202000', 'hex'),
      networkInterface: Buffer.from([1, 3, 0]),
      architectures: [16],
      vendorClass: 'HTTPClient:Arch:00016:UNDI:003000',
    },
    otherOptions: new Map(),
  } satisfies Packet);
});

test('OVMF accepts an offer', () => {
  assert.is(ovmfRequest.length, 352, 'as long as the recording');
  const { options } = decodePacket(ovmfRequest);
  assert.is(options.messageType, 'REQUEST');
  assert.is(options.serverId, ipv4('10.72.0.3'));
  assert.is(options.requestedAddress, ipv4('10.69.1.4'));
});

test('iPXE tells its user class', () => {
  assert.is(ipxeDiscover.length, 388, 'as long as a recording');
  const { options, broadcast } = decodePacket(ipxeDiscover);
  assert.not(broadcast);
  assert.equal(options.userClasses, ['iPXE']);
  assert.equal(options.architectures, [7]);
  assert.equal(options.clientId, Buffer.from('015254000a0000', 'hex'));
  assert.is(options.ipxe?.length, 36);
});

test('the messages of firmware are written as they were read', () => {
  for (const bytes of [ovmfDiscover, ovmfRequest]) {
    assert.is(encodePacket(decodePacket(bytes)).toString('hex'), bytes.toString('hex'));
  }
  const withLength = ipxeDiscover.toString('hex').replace('4d0469505845', '4d050469505845');
  assert.is(
    encodePacket(decodePacket(ipxeDiscover)).toString('hex'),
    withLength,
    'the user class gets the form of RFC 3004',
  );
});

test('every field of the fixed part survives a round trip', () => {
  const packet: Packet = {
    op: 'reply',
    hops: 3,
    xid: 0xfedcba98,
    secs: 0xffff,
    broadcast: true,
    ciaddr: ipv4('192.0.2.1'),
    yiaddr: ipv4('198.51.100.2'),
    siaddr: ipv4('203.0.113.3'),
    giaddr: ipv4('255.255.255.254'),
    mac: '0a:1b:2c:3d:4e:ff',
    sname: 's'.repeat(64),
    file: 'f'.repeat(128),
    options: { messageType: 'ACK', bootFile: 'http://10.72.0.3/x' },
    otherOptions: new Map([[224, Buffer.from('cafe', 'hex')]]),
  };
  assert.equal(decodePacket(encodePacket(packet)), packet);
});

const malformed: readonly [code: DhcpPacketErrorCode, why: string, bytes: Buffer][] = [
  ['short', 'nothing at all', Buffer.alloc(0)],
  ['short', 'no magic cookie', ovmfDiscover.subarray(0, 239)],
  ['op', 'op 0', patched(0, '00')],
  ['op', 'op 3', patched(0, '03')],
  ['hardware-type', 'InfiniBand', patched(1, '20')],
  ['hardware-length', 'hlen 0', patched(2, '00')],
  ['hardware-length', 'hlen 255', patched(2, 'ff')],
  ['magic-cookie', 'plain BOOTP', patched(236, '00000000')],
  ['message-type', 'no options', withOptions('')],
  ['message-type', 'other options only', withOptions('3204 0a450104 ff')],
  ['message-type', 'message type behind the end option', withOptions('ff 350101')],
  ['message-type', 'message type 9', withOptions('350109 ff')],
  ['message-type', 'message type without a byte', withOptions('3500 ff')],
  ['truncated-option', 'a code without a length', withOptions('350101 32')],
  ['truncated-option', 'a length without a value', withOptions('350101 3204')],
  ['truncated-option', 'three bytes of four', withOptions('350101 32040a4501')],
  ['truncated-option', 'an option of 255 bytes', withOptions('350101 32ff')],
  ['option-value', 'a requested address of three bytes', withOptions('350101 32030a4501 ff')],
  ['option-value', 'two message sizes, which RFC 3396 takes for one', withOptions('350101 390205c0 390205c0 ff')],
  ['option-value', 'option overload twice', withOptions('350101 340101 340101 ff')],
];

for (const [code, why, bytes] of malformed) {
  test(`${code}: ${why}`, () => {
    assert.is(codeOf(bytes), code);
  });
}

test('padding and a missing end option are no fault', () => {
  assert.is(decodePacket(withOptions('00 00 350101 00 32040a450104 00')).options.requestedAddress, ipv4('10.69.1.4'));
});

test('options in the file and sname fields are read when option 52 says so (RFC 2132 §9.3)', () => {
  const bytes = withOptions('350101 340103 0c02 6e6f ff');
  bytes.set(Buffer.from('0c02 6465 ff'.replaceAll(' ', ''), 'hex'), 108);
  bytes.set(Buffer.from('32040a450104 ff'.replaceAll(' ', ''), 'hex'), 44);
  const packet = decodePacket(bytes);
  assert.is(packet.options.hostName, 'node', 'the options field goes before the file field');
  assert.is(packet.options.requestedAddress, ipv4('10.69.1.4'));
  assert.is(packet.file, '');
  assert.is(packet.sname, '');
});

test('one overloaded field leaves the other to its text', () => {
  const bytes = withOptions('350101 340101 ff');
  bytes.set(Buffer.from('3204 0a450104 ff'.replaceAll(' ', ''), 'hex'), 108);
  bytes.write('boot-server', 44, 'latin1');
  const packet = decodePacket(bytes);
  assert.is(packet.sname, 'boot-server');
  assert.is(packet.options.requestedAddress, ipv4('10.69.1.4'));
});

test('an option in an overloaded field does not reach past it', () => {
  const bytes = withOptions('350101 340102 ff');
  bytes.fill(0, 44, 108);
  bytes.set([50, 4], 104);
  assert.is(codeOf(bytes), 'truncated-option', 'the value would lie in the file field');
  bytes.set([0, 0, 0, 50], 104);
  assert.is(codeOf(bytes), 'truncated-option', 'the length would lie in the file field');
});

test('an option in several instances is one value, wherever they stand (RFC 3396)', () => {
  const packet = decodePacket(withOptions('0c026e6f 350101 0602 0a47 0c026465 0602 0035 e101aa e101bb ff'));
  assert.is(packet.options.hostName, 'node');
  assert.equal(packet.options.dns, [ipv4('10.71.0.53')], 'cut in the middle of an address');
  assert.equal(packet.otherOptions.get(225), Buffer.from('aabb', 'hex'));
});

test('a value of more than 255 bytes is written in several instances', () => {
  const bootFile = `http://boot.dc.example/${'long/'.repeat(120)}x.efi`;
  const bytes = encodePacket(request({ messageType: 'OFFER', bootFile, hostName: 'after' }), 1472);
  assert.ok(bytes.includes(Buffer.from([67, 255])), 'a full first instance');
  const { options } = decodePacket(bytes);
  assert.is(options.bootFile, bootFile);
  assert.is(options.hostName, 'after');
});

test('a short message is padded to 300 bytes, a longer one is not padded at all', () => {
  assert.is(encodePacket(request({ messageType: 'NAK' })).length, 300);
  const long = encodePacket(request({ messageType: 'ACK', bootFile: 'x'.repeat(100) }));
  assert.is(long.length, optionsAt + 3 + 102 + 1);
});

test('option 82 goes last', () => {
  const relayAgent = Buffer.from('0104737770330202beef', 'hex');
  const otherOptions = new Map([[224, Buffer.from('cafe', 'hex')]]);
  const packet = request({ relayAgent, messageType: 'ACK', hostName: 'node' }, { otherOptions });
  assert.is(
    encodePacket(packet)
      .subarray(optionsAt, optionsAt + 26)
      .toString('hex'),
    `350105 0c04${'6e6f6465'} e002cafe 520a0104737770330202beef ff`.replaceAll(' ', ''),
  );
});

test('what does not fit is left out from the end, but never what the client cannot do without', () => {
  const dns = Array.from({ length: 60 }, (_, index) => index);
  const options = { hostName: 'node', dns, domainName: 'x'.repeat(60), ntp: [1] } as const;
  const bootFile = 'http://10.72.0.3/x.efi';
  const packet = request({ messageType: 'ACK', ...options, bootFile, vendorClass: 'HTTPClient' });
  const bytes = encodePacket(packet, defaultLimitBytes);
  assert.ok(bytes.length <= defaultLimitBytes);
  const read = decodePacket(bytes).options;
  assert.equal(read, { messageType: 'ACK', hostName: 'node', dns, ntp: [1], bootFile, vendorClass: 'HTTPClient' });
  assert.equal(decodePacket(encodePacket(packet, 1472)).options, packet.options, 'a larger limit takes them all');
});

test('a message may be as long as the limit, and no longer', () => {
  const [messageType, twoInstances, end] = [3, 4, 1];
  const longest = defaultLimitBytes - optionsAt - messageType - twoInstances - end;
  const sizeWith = (hostName: string) => encodePacket(request({ messageType: 'ACK', hostName })).length;
  assert.is(sizeWith('n'.repeat(longest)), defaultLimitBytes);
  assert.is(sizeWith('n'.repeat(longest + 1)), 300, 'left out, and padded');
});

test('option 82 does not count against the limit of the client', () => {
  const relayAgent = Buffer.alloc(200, 7);
  const hostName = 'h'.repeat(200);
  const { options } = decodePacket(
    encodePacket(request({ messageType: 'ACK', hostName, bootFile: 'b'.repeat(90), relayAgent })),
  );
  assert.is(options.hostName, hostName);
  assert.equal(options.relayAgent, relayAgent);
});

test('what cannot be written says so', () => {
  const tooLong = (packet: Packet) => () => encodePacket(packet);
  const isTooLong = (error: unknown) => error instanceof DhcpPacketError && error.code === 'too-long';
  assert.throws(tooLong(request({ messageType: 'ACK', bootFile: 'x'.repeat(400) })), isTooLong);
  assert.throws(tooLong(request({ messageType: 'ACK' }, { file: 'x'.repeat(129) })), isTooLong);
  assert.throws(tooLong(request({ messageType: 'ACK' }, { sname: 'x'.repeat(65) })), isTooLong);
});

test('a message cut off anywhere is read up to an option, or refused', () => {
  const whole = encodePacket(request({ messageType: 'REQUEST', hostName: 'node', ...httpX64 }));
  const kept: number[] = [];
  for (let length = 0; length < whole.length; length += 1) {
    const code = codeOf(whole.subarray(0, length));
    if (code === null) kept.push(length);
    else if (length < optionsAt) assert.is(code, 'short');
    else assert.ok(code === 'truncated-option' || code === 'message-type', `${code} at ${length}`);
  }
  const [type, name, vendor, architectures] = [243, 249, 284, 288];
  const ends = whole.length - 288;
  assert.equal(kept, [type, name, vendor, ...Array.from({ length: ends }, (_, index) => architectures + index)]);
});

test('a datagram of nothing but options is read', () => {
  const bytes = Buffer.concat([withOptions('350101'), Buffer.alloc(65_000, Buffer.from([12, 0])), Buffer.from([255])]);
  assert.is(decodePacket(bytes).options.hostName, '');
});

test.run();
