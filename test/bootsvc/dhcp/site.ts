// A site of two racks as a boot server sees it, and messages of its machines.
import type { Options } from '../../../bootsvc/dhcp/options.ts';
import type { Packet } from '../../../bootsvc/dhcp/packet.ts';
import type { DhcpMachine, DhcpTables } from '../../../renderers/dhcp.ts';
import { ipv4 } from '../../../schema/ipv4.ts';

/** Rack 0 has ToRs 10.69.0.65 and 10.69.0.129; machine 4 of it has .68 and .132 there. */
export const machine: DhcpMachine = {
  serial: 'SN-0000',
  name: 'rack0-cs4',
  rack: 'rack0',
  links: [
    { address: ipv4('10.69.0.68'), subnetMask: ipv4('255.255.255.192'), gateway: ipv4('10.69.0.65') },
    { address: ipv4('10.69.0.132'), subnetMask: ipv4('255.255.255.192'), gateway: ipv4('10.69.0.129') },
  ],
  ipxeScriptUrl: 'http://10.72.0.3:8080/boot/SN-0000/ipxe',
};

export const macs = ['52:54:00:0a:00:00', '52:54:00:0a:00:01'] as const;

export const tables: DhcpTables = {
  serverId: ipv4('10.72.0.3'),
  leaseSeconds: 3601,
  domain: 'dc.example',
  dns: [ipv4('10.71.0.53'), ipv4('10.71.0.54')],
  ntp: [ipv4('10.71.0.123')],
  relays: new Map([
    [ipv4('10.69.0.65'), { rack: 'rack0', tor: 'rack0-tor1' }],
    [ipv4('10.69.0.129'), { rack: 'rack0', tor: 'rack0-tor2' }],
    [ipv4('10.69.1.65'), { rack: 'rack1', tor: 'rack1-tor1' }],
  ]),
  machines: new Map(macs.map((mac) => [mac, machine])),
  bootProgramUrls: { x64: `http://10.72.0.3:8080/assets/${'ab'.repeat(32)}/ipxe.efi` },
};

type Fields = Partial<Omit<Packet, 'options' | 'ciaddr' | 'giaddr'>> & { ciaddr?: string; giaddr?: string };

/** A message of the machine's first card, through the relay of its first ToR unless giaddr says otherwise. */
export function request(options: Packet['options'], fields: Fields = {}): Packet {
  return {
    op: 'request',
    hops: 1,
    xid: 0x1234abcd,
    secs: 4,
    broadcast: false,
    yiaddr: 0,
    siaddr: 0,
    mac: macs[0],
    sname: '',
    file: '',
    otherOptions: new Map(),
    ...fields,
    ciaddr: ipv4(fields.ciaddr ?? '0.0.0.0'),
    giaddr: ipv4(fields.giaddr ?? '10.69.0.65'),
    options,
  };
}

/** What UEFI firmware on x64 says about itself when it does HTTP boot. */
export const httpX64: Options = { vendorClass: 'HTTPClient:Arch:00016:UNDI:003000', architectures: [0x10] };
