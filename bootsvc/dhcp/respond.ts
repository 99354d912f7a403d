// What a boot server says to a DHCP message (RFC 2131 §4.3): message × tables → reply. Pure, and without bytes.
// Addresses are a function of the site, so there is no lease to look up and nothing to write: every server says the same.
import type { DhcpLink, DhcpMachine, DhcpTables } from '../../renderers/dhcp.ts';
import { formatIpv4, type Ipv4 } from '../../schema/ipv4.ts';
import { bootOptions } from './boot-file.ts';
import type { Drop, DropReason } from './drop.ts';
import { defaultLimitBytes, type Packet } from './packet.ts';
import { replyOptions } from './parameters.ts';

/** How a message came in. */
export interface Arrival {
  /** This server's own address on the link that it serves without a relay; null when there is no such link. */
  readonly linkAddress: Ipv4 | null;
}

/**
 * Where a reply goes (RFC 2131 §4.1).
 * - `relay`: to the relay agent, which hands it to the client
 * - `client`: to an address that the client already uses
 * - `link`: to a client on this server's link that has no address yet, but would take a frame to its MAC and yiaddr
 * - `broadcast`: to everyone on this server's link
 */
export interface Destination {
  readonly kind: 'relay' | 'client' | 'link' | 'broadcast';
  readonly address: Ipv4;
  readonly port: number;
}

export interface Reply {
  readonly packet: Packet;
  readonly destination: Destination;
  /** The longest message that the client takes, in bytes. */
  readonly limitBytes: number;
}

const serverPort = 67;
const clientPort = 68;
const toEveryone: Destination = { kind: 'broadcast', address: 0xffffffff, port: clientPort };
const noOptions: Packet['otherOptions'] = new Map();
/** Option 57 counts the headers of IP and UDP too. */
const headerBytes = 28;
/** What an Ethernet frame carries without fragments. */
const largestLimitBytes = 1500 - headerBytes;

/**
 * Answer a message for a machine of the site, or say why there is no answer.
 *
 * A known machine is never left guessing: a REQUEST for an address that is not its own here gets a NAK in any state
 * (SELECTING, INIT-REBOOT, RENEWING, REBINDING), so that it starts anew. Strangers get silence (RFC 2131 §4.3.2).
 */
export function respond(request: Packet, tables: DhcpTables, arrival: Arrival): Reply | Drop {
  if (request.op !== 'request') return drop('not-a-request');
  if (request.giaddr !== 0 && !tables.relays.has(request.giaddr)) return drop('unknown-relay');
  const machine = tables.machines.get(request.mac);
  if (machine === undefined) return drop('unknown-machine');
  const inquiry: Inquiry = { request, tables, arrival, machine };
  switch (request.options.messageType) {
    case 'DISCOVER':
      return answerDiscover(inquiry);
    case 'REQUEST':
      return answerRequest(inquiry);
    case 'INFORM':
      return answerInform(inquiry);
    case 'DECLINE':
      return drop('decline');
    case 'RELEASE':
      return drop('release');
    case 'OFFER':
    case 'ACK':
    case 'NAK':
      return drop('not-a-request');
  }
}

interface Inquiry {
  readonly request: Packet;
  readonly tables: DhcpTables;
  readonly arrival: Arrival;
  readonly machine: DhcpMachine;
}

/** RFC 2131 §4.3.1. */
function answerDiscover(inquiry: Inquiry): Reply | Drop {
  const link = linkHere(inquiry);
  return 'drop' in link ? link : grant(inquiry, 'OFFER', link);
}

/** RFC 2131 §4.3.2. The address that is asked for is in option 50, or in ciaddr once the client uses it. */
function answerRequest(inquiry: Inquiry): Reply | Drop {
  const { request, tables } = inquiry;
  const { serverId, requestedAddress } = request.options;
  if (serverId !== undefined && serverId !== tables.serverId) return drop('other-server');
  const link = linkInUse(inquiry) ?? linkHere(inquiry);
  if ('drop' in link) return link.drop === 'wrong-rack' ? refuse(inquiry) : link;
  const wanted = requestedAddress ?? request.ciaddr;
  return wanted === link.address ? grant(inquiry, 'ACK', link) : refuse(inquiry);
}

/** RFC 2131 §4.3.5. */
function answerInform(inquiry: Inquiry): Reply | Drop {
  const { request, machine } = inquiry;
  if (request.ciaddr === 0) return drop('no-client-address');
  const link = machine.links.find(({ address }) => address === request.ciaddr);
  return link === undefined ? drop('wrong-address') : grant(inquiry, 'ACK', link);
}

/** The machine's end of the link whose address the client uses already, when it asks this server itself (RENEWING). */
function linkInUse({ request, machine }: Inquiry): DhcpLink | undefined {
  if (request.giaddr !== 0) return undefined;
  return machine.links.find(({ address }) => address === request.ciaddr);
}

/** The machine's end of the link that the message came from: the relay's link, or else this server's own (§4.3.1). */
function linkHere({ request, arrival, machine }: Inquiry): DhcpLink | Drop {
  const here = request.giaddr !== 0 ? request.giaddr : arrival.linkAddress;
  if (here === null) return drop('no-link');
  const link = machine.links.find(({ address, subnetMask }) => ((address ^ here) & subnetMask) === 0);
  return link ?? drop('wrong-rack');
}

/** The OFFER or ACK of the machine's address on a link; for an INFORM of the parameters that go with it. */
function grant(inquiry: Inquiry, messageType: 'OFFER' | 'ACK', link: DhcpLink): Reply | Drop {
  const { request, tables, machine } = inquiry;
  const boot = bootOptions(request.options, machine, tables);
  if (boot === null) return drop('no-boot-program');
  const informs = request.options.messageType === 'INFORM';
  const packet = replyPacket(request, {
    broadcast: request.broadcast,
    ciaddr: messageType === 'ACK' ? request.ciaddr : 0,
    yiaddr: informs ? 0 : link.address,
    siaddr: boot.bootFile === undefined ? 0 : tables.serverId,
    options: replyOptions(messageType, { request, machine, link, boot, tables }),
  });
  const destination = informs ? toClient(request.ciaddr) : destinationOf(request, link.address);
  return { packet, destination, limitBytes: limitBytes(request) };
}

/** A NAK. It goes to everyone on the link, since the client has no right to any address (§4.1, §4.3.2). */
function refuse({ request, tables, machine }: Inquiry): Reply {
  const { clientId, relayAgent, requestedAddress = request.ciaddr } = request.options;
  const packet = replyPacket(request, {
    // The relay looks at the flag to decide between broadcast and unicast.
    broadcast: request.giaddr !== 0 || request.broadcast,
    ciaddr: 0,
    yiaddr: 0,
    siaddr: 0,
    options: {
      messageType: 'NAK',
      serverId: tables.serverId,
      message: `${formatIpv4(requestedAddress)} is not the address of ${machine.name} on this link`,
      ...(clientId === undefined ? {} : { clientId }),
      ...(relayAgent === undefined ? {} : { relayAgent }),
    },
  });
  const destination = request.giaddr !== 0 ? toRelay(request.giaddr) : toEveryone;
  return { packet, destination, limitBytes: limitBytes(request) };
}

/** What tells one reply from another; all else comes from the request or is empty (RFC 2131 table 3). */
type ReplyFields = Pick<Packet, 'broadcast' | 'ciaddr' | 'yiaddr' | 'siaddr' | 'options'>;

function replyPacket(request: Packet, fields: ReplyFields): Packet {
  return {
    op: 'reply',
    hops: 0,
    xid: request.xid,
    secs: 0,
    broadcast: fields.broadcast,
    ciaddr: fields.ciaddr,
    yiaddr: fields.yiaddr,
    siaddr: fields.siaddr,
    giaddr: request.giaddr,
    mac: request.mac,
    sname: '',
    file: '',
    options: fields.options,
    otherOptions: noOptions,
  };
}

function destinationOf({ giaddr, ciaddr, broadcast }: Packet, yiaddr: Ipv4): Destination {
  if (giaddr !== 0) return toRelay(giaddr);
  if (ciaddr !== 0) return toClient(ciaddr);
  return broadcast ? toEveryone : { kind: 'link', address: yiaddr, port: clientPort };
}

function toRelay(giaddr: Ipv4): Destination {
  return { kind: 'relay', address: giaddr, port: serverPort };
}

function toClient(ciaddr: Ipv4): Destination {
  return { kind: 'client', address: ciaddr, port: clientPort };
}

/** From option 57 (RFC 2132 §9.10), but no less than every client takes, and no more than a frame carries. */
function limitBytes({ options }: Packet): number {
  const asked = (options.maximumMessageBytes ?? 0) - headerBytes;
  return Math.min(Math.max(asked, defaultLimitBytes), largestLimitBytes);
}

function drop(reason: DropReason): Drop {
  return { drop: reason };
}
