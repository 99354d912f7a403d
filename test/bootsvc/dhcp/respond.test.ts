import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DropReason, dropReasons } from '../../../bootsvc/dhcp/drop.ts';
import { type OptionName, type Options, optionTable } from '../../../bootsvc/dhcp/options.ts';
import { decodePacket, type Packet } from '../../../bootsvc/dhcp/packet.ts';
import { type Reply, respond } from '../../../bootsvc/dhcp/respond.ts';
import { formatIpv4, type Ipv4, ipv4 } from '../../../schema/ipv4.ts';
import { ipxeDiscover, ovmfDiscover } from './firmware.ts';
import { httpX64, machine, macs, request, tables } from './site.ts';

/** Addresses of the table in site.ts, by what they are. */
const here = '10.69.0.68';
const otherLink = '10.69.0.132';
const wrong = '10.69.0.99';
const us = ipv4('10.72.0.3');
const them = ipv4('10.72.0.4');

function asking(address: string): Options {
  return { requestedAddress: ipv4(address) };
}

/** `OFFER 10.69.0.68 → relay 10.69.0.65:67`, or the reason of the drop. */
function outcome(message: Packet, linkAddress?: string): string {
  const reply = respond(message, tables, { linkAddress: linkAddress === undefined ? null : ipv4(linkAddress) });
  if ('drop' in reply) return reply.drop;
  const { packet, destination } = reply;
  const { kind, address, port } = destination;
  return `${packet.options.messageType} ${formatIpv4(packet.yiaddr)} → ${kind} ${formatIpv4(address)}:${port}`;
}

function answered(message: Packet): Reply {
  const reply = respond(message, tables, { linkAddress: null });
  if ('drop' in reply) throw new Error(`dropped: ${reply.drop}`);
  return reply;
}

type Fields = Parameters<typeof request>[1];

function discover(fields?: Fields, options?: Options): Packet {
  return request({ messageType: 'DISCOVER', ...options }, fields);
}

/** REQUEST in SELECTING: server id and requested address. */
function selecting(serverId: Ipv4, address: string, fields?: Fields): Packet {
  return request({ messageType: 'REQUEST', serverId, ...asking(address) }, fields);
}

/** REQUEST in INIT-REBOOT: requested address only. */
function initReboot(address: string, fields?: Fields): Packet {
  return request({ messageType: 'REQUEST', ...asking(address) }, fields);
}

/** REQUEST in RENEWING: ciaddr only, straight from the client. */
function renewing(ciaddr: string, fields?: Fields): Packet {
  return request({ messageType: 'REQUEST' }, { ciaddr, ...direct, ...fields });
}

/** REQUEST in REBINDING: ciaddr only, through the relay. */
function rebinding(ciaddr: string): Packet {
  return request({ messageType: 'REQUEST' }, { ciaddr });
}

function inform(fields?: Fields): Packet {
  return request({ messageType: 'INFORM' }, fields);
}

const direct = { giaddr: '0.0.0.0' };
const tor2 = { giaddr: '10.69.0.129' };
const otherRack = { giaddr: '10.69.1.65' };
const stranger = { mac: '52:54:00:ff:ff:ff' };
const flagged = { ...direct, broadcast: true };

const offer = `OFFER ${here} → relay 10.69.0.65:67`;
const ack = `ACK ${here} → relay 10.69.0.65:67`;
const nak = 'NAK 0.0.0.0 → relay 10.69.0.65:67';
const nakByTor2 = 'NAK 0.0.0.0 → relay 10.69.0.129:67';
const nakByOtherRack = 'NAK 0.0.0.0 → relay 10.69.1.65:67';
const nakToAll = 'NAK 0.0.0.0 → broadcast 255.255.255.255:68';
const ackDirect = `ACK ${here} → client ${here}:68`;
const noProgram: Options = { vendorClass: 'HTTPClient:Arch:00019', architectures: [0x13] };

const rows: readonly [why: string, message: Packet, expected: string, linkAddress?: string][] = [
  ['DISCOVER: the address on the link of the relay', discover(), offer],
  ['DISCOVER: the second card is the same machine', discover({ mac: macs[1] }), offer],
  ['DISCOVER: another ToR, another address', discover(tor2), `OFFER ${otherLink} → relay 10.69.0.129:67`],
  ['DISCOVER: the wish of the client counts nothing', discover({}, asking(wrong)), offer],
  ['DISCOVER: a relay goes before ciaddr', discover({ ciaddr: here }), offer],
  ['DISCOVER: a stranger', discover(stranger), 'unknown-machine'],
  ['DISCOVER: a relay that the site does not have', discover({ giaddr: '10.69.0.66' }), 'unknown-relay'],
  ['DISCOVER: a relay of another rack', discover(otherRack), 'wrong-rack'],
  ['DISCOVER: HTTP boot without a boot program', discover({}, noProgram), 'no-boot-program'],
  ['DISCOVER: no relay, no link', discover(direct), 'no-link'],
  ['DISCOVER: own link, flag set', discover(flagged), `OFFER ${here} → broadcast 255.255.255.255:68`, '10.69.0.80'],
  ['DISCOVER: own link, flag clear', discover(direct), `OFFER ${here} → link ${here}:68`, '10.69.0.80'],
  ['DISCOVER: own second link', discover(direct), `OFFER ${otherLink} → link ${otherLink}:68`, '10.69.0.190'],
  ['DISCOVER: own link of another rack', discover(direct), 'wrong-rack', '10.69.1.80'],

  ['SELECTING: our offer', selecting(us, here), ack],
  ['SELECTING: the offer of another server', selecting(them, here), 'other-server'],
  ['SELECTING: another server, another address', selecting(them, wrong), 'other-server'],
  ['SELECTING: another server, another rack', selecting(them, here, otherRack), 'other-server'],
  ['SELECTING: not what was offered', selecting(us, wrong), nak],
  ['SELECTING: the address on its other link', selecting(us, otherLink), nak],
  ['SELECTING: no address', request({ messageType: 'REQUEST', serverId: us }), nak],
  ['SELECTING: a relay of another rack', selecting(us, here, otherRack), nakByOtherRack],
  ['SELECTING: a stranger', selecting(us, here, stranger), 'unknown-machine'],
  ['SELECTING: a relay that the site does not have', selecting(us, here, { giaddr: wrong }), 'unknown-relay'],
  ['SELECTING: own link', selecting(us, here, flagged), `ACK ${here} → broadcast 255.255.255.255:68`, '10.69.0.80'],

  ['INIT-REBOOT: right', initReboot(here), ack],
  ['INIT-REBOOT: wrong', initReboot(wrong), nak],
  ['INIT-REBOOT: moved to another ToR', initReboot(here, tor2), nakByTor2],
  ['INIT-REBOOT: moved to another rack', initReboot(here, otherRack), nakByOtherRack],
  ['INIT-REBOOT: a stranger', initReboot(here, stranger), 'unknown-machine'],
  ['INIT-REBOOT: wrong, own link, flag clear', initReboot(wrong, direct), nakToAll, '10.69.0.80'],
  ['INIT-REBOOT: own link of another rack', initReboot(here, direct), nakToAll, '10.69.1.80'],
  ['INIT-REBOOT: no relay, no link', initReboot(here, direct), 'no-link'],

  ['RENEWING: right', renewing(here), ackDirect],
  ['RENEWING: right, on the other link', renewing(otherLink), `ACK ${otherLink} → client ${otherLink}:68`],
  ['RENEWING: right, from afar while this server has a link', renewing(here), ackDirect, '10.69.1.80'],
  ['RENEWING: wrong, own link', renewing(wrong), nakToAll, '10.69.0.80'],
  ['RENEWING: wrong, from afar, where a NAK would not get', renewing(wrong), 'no-link'],
  ['RENEWING: a stranger', renewing(here, stranger), 'unknown-machine'],

  ['REBINDING: right', rebinding(here), ack],
  ['REBINDING: wrong', rebinding(wrong), nak],
  ['REBINDING: the address on its other link', rebinding(otherLink), nak],

  ['INFORM: straight from the client', inform({ ciaddr: here, ...direct }), `ACK 0.0.0.0 → client ${here}:68`],
  ['INFORM: answered past the relay (RFC 2131 §4.3.5)', inform({ ciaddr: here }), `ACK 0.0.0.0 → client ${here}:68`],
  ['INFORM: without ciaddr', inform(), 'no-client-address'],
  ['INFORM: from an address that is not its own', inform({ ciaddr: wrong }), 'wrong-address'],

  ['DECLINE', request({ messageType: 'DECLINE', serverId: us, ...asking(here) }), 'decline'],
  ['RELEASE', request({ messageType: 'RELEASE', serverId: us }, { ciaddr: here, ...direct }), 'release'],
  ['a reply', request({ messageType: 'OFFER' }, { op: 'reply' }), 'not-a-request'],
  ['a reply with the type of a request', discover({ op: 'reply' }), 'not-a-request'],
  ['a request with the type of a reply', request({ messageType: 'ACK' }), 'not-a-request'],
];

for (const [why, message, expected, linkAddress] of rows) {
  test(why, () => {
    assert.is(outcome(message, linkAddress), expected);
  });
}

test('every reason of this responder is in the table above, and each has a sentence', () => {
  const covered = new Set(rows.map(([, , expected]) => expected));
  const saidBySocket: DropReason = 'no-generation';
  for (const [reason, sentence] of Object.entries(dropReasons)) {
    assert.ok(covered.has(reason) || reason === saidBySocket, `${reason} is not exercised`);
    assert.ok(sentence.length > 20, reason);
  }
});

test('an OFFER carries the fields of RFC 2131 table 3', () => {
  const { packet } = answered(request({ messageType: 'DISCOVER' }, { broadcast: true, ciaddr: here }));
  const { options, otherOptions, ...fields } = packet;
  assert.equal(fields, {
    op: 'reply',
    hops: 0,
    xid: 0x1234abcd,
    secs: 0,
    broadcast: true,
    ciaddr: 0,
    yiaddr: ipv4(here),
    siaddr: 0,
    giaddr: ipv4('10.69.0.65'),
    mac: macs[0],
    sname: '',
    file: '',
  });
  assert.is(otherOptions.size, 0);
  assert.is(options.messageType, 'OFFER');
});

test('each link has its own gateway', () => {
  for (const giaddr of ['10.69.0.65', '10.69.0.129']) {
    const { options } = answered(request({ messageType: 'DISCOVER' }, { giaddr })).packet;
    assert.equal(options.routers, [ipv4(giaddr)]);
  }
});

test('an ACK repeats ciaddr', () => {
  assert.is(answered(request({ messageType: 'REQUEST' }, { ciaddr: here })).packet.ciaddr, ipv4(here));
});

test('a NAK says who, why, and nothing else', () => {
  const clientId = Buffer.from('015254000a0000', 'hex');
  const relayAgent = Buffer.from('0104737770330202beef', 'hex');
  const machineId = Buffer.alloc(17);
  const asked = { ...httpX64, ...asking(wrong), clientId, relayAgent, machineId, parameterRequestList: [1, 3, 51] };
  const { packet } = answered(request({ messageType: 'REQUEST', ...asked }));
  assert.equal(packet.options, {
    messageType: 'NAK',
    serverId: us,
    message: `${wrong} is not the address of rack0-cs4 on this link`,
    clientId,
    relayAgent,
  });
  assert.ok(packet.broadcast, 'the relay has to broadcast it (RFC 2131 §4.3.2)');
  assert.equal([packet.ciaddr, packet.siaddr], [0, 0]);
});

test('siaddr is this server when there is a boot file, and nothing otherwise', () => {
  const siaddr = (options: Options) => answered(request({ messageType: 'DISCOVER', ...options })).packet.siaddr;
  assert.is(siaddr(httpX64), us);
  assert.is(siaddr({ userClasses: ['iPXE'] }), us);
  assert.is(siaddr({}), 0);
});

const sizes: readonly [asked: number | undefined, limitBytes: number][] = [
  [undefined, 548],
  [0, 548],
  [576, 548],
  [1000, 972],
  [1472, 1444],
  [1500, 1472],
  [65_535, 1472],
];

for (const [asked, limitBytes] of sizes) {
  test(`a client that takes ${asked ?? 'no stated number of'} bytes gets a message of at most ${limitBytes}`, () => {
    const size = asked === undefined ? {} : { maximumMessageBytes: asked };
    assert.is(answered(request({ messageType: 'DISCOVER', ...size })).limitBytes, limitBytes);
    assert.is(answered(request({ messageType: 'REQUEST', ...asking(wrong), ...size })).limitBytes, limitBytes);
  });
}

function relayed(bytes: Buffer): Packet {
  return { ...decodePacket(bytes), hops: 1, giaddr: ipv4('10.69.0.65') };
}

test('OVMF is led to the boot program', () => {
  const { options } = answered(relayed(ovmfDiscover)).packet;
  assert.equal(
    Object.keys(options).map((name) => optionTable[name as OptionName].code),
    [53, 1, 3, 6, 12, 15, 42, 51, 54, 58, 59, 60, 67, 97],
  );
  assert.is(options.vendorClass, 'HTTPClient');
  assert.is(options.bootFile, tables.bootProgramUrls.x64);
});

test('iPXE is led to its script', () => {
  const { options } = answered(relayed(ipxeDiscover)).packet;
  assert.is(options.bootFile, machine.ipxeScriptUrl);
  assert.is(options.vendorClass, undefined);
  assert.equal(options.clientId, Buffer.from('015254000a0000', 'hex'));
});

test.run();
