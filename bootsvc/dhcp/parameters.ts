// The options of a reply: what a machine can be told on a link, of that what its client asks for, in the client's order.
import type { DhcpLink, DhcpMachine, DhcpTables } from '../../renderers/dhcp.ts';
import type { OptionSet } from './option-field.ts';
import { type MessageType, type OptionName, type Options, optionByCode } from './options.ts';

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

/** Said without being asked for (RFC 2131 table 3, UEFI 2.10 §24.7 and, for the last three, see echoed). */
const mandatory: readonly OptionName[] = [
  'serverId',
  'leaseSeconds',
  'vendorClass',
  'bootFile',
  'machineId',
  'clientId',
  'relayAgent',
];

/** Given back as they came: RFC 4578 §2.1 (machine id), RFC 6842 (client id), RFC 3046 §2.2 (option 82). */
const echoed: readonly OptionName[] = ['machineId', 'clientId', 'relayAgent'];

/** All that a machine can be told about the link that it is on, and about itself. */
export function machineParameters(machine: DhcpMachine, link: DhcpLink, tables: DhcpTables): Options {
  const parameters: Mutable<Options> = {
    serverId: tables.serverId,
    subnetMask: link.subnetMask,
    routers: [link.gateway],
    hostName: machine.name,
    domainName: tables.domain,
  };
  if (tables.dns.length > 0) parameters.dns = tables.dns;
  if (tables.ntp.length > 0) parameters.ntp = tables.ntp;
  return parameters;
}

/** Lease time, T1 and T2 (RFC 2131 §4.4.5: a half and seven eighths of it). */
export function leaseTimes(leaseSeconds: number): Options {
  return {
    leaseSeconds,
    renewalSeconds: Math.floor(leaseSeconds / 2),
    rebindingSeconds: Math.floor((leaseSeconds * 7) / 8),
  };
}

/**
 * Choose from what is on offer: first what the client lists (option 55), in its order (RFC 2132 §9.8), then what has to
 * be said anyway. A client that lists nothing gets everything.
 */
export function replyOptions(messageType: MessageType, offered: Options, request: Options): OptionSet['options'] {
  const available: Mutable<Options> = { ...offered };
  for (const name of echoed) copyOption(name, request, available);
  if (request.parameterRequestList === undefined) return { messageType, ...available };

  const options: Mutable<OptionSet['options']> = { messageType };
  for (const code of request.parameterRequestList) {
    const { name } = optionByCode(code);
    if (name !== undefined) copyOption(name, available, options);
  }
  for (const name of mandatory) copyOption(name, available, options);
  return options;
}

function copyOption<Name extends OptionName>(name: Name, from: Options, to: Mutable<Options>): void {
  const value = from[name];
  if (value !== undefined) to[name] = value;
}
