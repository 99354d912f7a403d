// The options of an OFFER or ACK: of all that a machine can be told, what its client asks for, in the client's order.
import type { DhcpLink, DhcpMachine, DhcpTables } from '../../renderers/dhcp.ts';
import type { BootOptions } from './boot-file.ts';
import type { OptionSet } from './option-field.ts';
import { type OptionName, type Options, optionByCode } from './options.ts';
import type { Packet } from './packet.ts';

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

/** Said without being asked for (RFC 2131 table 3; UEFI 2.10 §24.7), and what comes back as it came. */
const mandatory: readonly OptionName[] = [
  'serverId',
  'leaseSeconds',
  'vendorClass',
  'bootFile',
  'machineId',
  'clientId',
  'relayAgent',
];

/** A question of a machine on one of its links, and what its client is to boot. */
export interface Grant {
  readonly request: Packet;
  readonly machine: DhcpMachine;
  readonly link: DhcpLink;
  readonly boot: BootOptions;
  readonly tables: DhcpTables;
}

/**
 * The options of an OFFER or ACK: first what the client lists (option 55), in its order (RFC 2132 §9.8), then what has
 * to be said anyway. A client that lists nothing gets everything.
 */
export function replyOptions(messageType: 'OFFER' | 'ACK', grant: Grant): OptionSet['options'] {
  const available = parametersOf(messageType, grant);
  const list = grant.request.options.parameterRequestList;
  if (list === undefined) return available;

  const options: Mutable<OptionSet['options']> = { messageType };
  for (const code of list) {
    const { name } = optionByCode(code);
    if (name !== undefined) copyOption(name, available, options);
  }
  for (const name of mandatory) copyOption(name, available, options);
  return options;
}

/** All that a machine can be told. Members are set one by one, which is several times as fast as spreading them. */
function parametersOf(messageType: 'OFFER' | 'ACK', grant: Grant): OptionSet['options'] {
  const { request, machine, link, boot, tables } = grant;
  const all: Mutable<OptionSet['options']> = {
    messageType,
    serverId: tables.serverId,
    subnetMask: link.subnetMask,
    routers: [link.gateway],
    hostName: machine.name,
    domainName: tables.domain,
  };
  if (tables.dns.length > 0) all.dns = tables.dns;
  if (tables.ntp.length > 0) all.ntp = tables.ntp;
  // An INFORM asks for parameters only: it has an address from elsewhere, and no lease (RFC 2131 §4.3.5).
  if (request.options.messageType !== 'INFORM') {
    all.leaseSeconds = tables.leaseSeconds;
    // T1 and T2 are a half and seven eighths of the lease (RFC 2131 §4.4.5).
    all.renewalSeconds = Math.floor(tables.leaseSeconds / 2);
    all.rebindingSeconds = Math.floor((tables.leaseSeconds * 7) / 8);
  }
  if (boot.vendorClass !== undefined) all.vendorClass = boot.vendorClass;
  if (boot.bootFile !== undefined) all.bootFile = boot.bootFile;
  // Given back as they came: RFC 4578 §2.3, RFC 6842 and RFC 3046 §2.2.
  const { machineId, clientId, relayAgent } = request.options;
  if (machineId !== undefined) all.machineId = machineId;
  if (clientId !== undefined) all.clientId = clientId;
  if (relayAgent !== undefined) all.relayAgent = relayAgent;
  return all;
}

function copyOption<Name extends OptionName>(name: Name, from: Options, to: Mutable<Options>): void {
  const value = from[name];
  if (value !== undefined) to[name] = value;
}
