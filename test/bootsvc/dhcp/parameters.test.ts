import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BootOptions } from '../../../bootsvc/dhcp/boot-file.ts';
import type { OptionName, Options } from '../../../bootsvc/dhcp/options.ts';
import type { Packet } from '../../../bootsvc/dhcp/packet.ts';
import { replyOptions } from '../../../bootsvc/dhcp/parameters.ts';
import type { DhcpLink, DhcpTables } from '../../../renderers/dhcp.ts';
import { ipv4 } from '../../../schema/ipv4.ts';
import { machine, request, tables } from './site.ts';

const link: DhcpLink = {
  address: ipv4('10.69.0.68'),
  subnetMask: ipv4('255.255.255.192'),
  gateway: ipv4('10.69.0.65'),
};

function optionsFor(message: Packet, changes: { tables?: DhcpTables; boot?: BootOptions } = {}): Options {
  const messageType = message.options.messageType === 'DISCOVER' ? 'OFFER' : 'ACK';
  return replyOptions(messageType, { request: message, machine, link, boot: {}, tables, ...changes });
}

const all: Options = {
  serverId: ipv4('10.72.0.3'),
  subnetMask: ipv4('255.255.255.192'),
  routers: [ipv4('10.69.0.65')],
  hostName: 'rack0-cs4',
  domainName: 'dc.example',
  dns: [ipv4('10.71.0.53'), ipv4('10.71.0.54')],
  ntp: [ipv4('10.71.0.123')],
};
const times: Options = { leaseSeconds: 3601, renewalSeconds: 1800, rebindingSeconds: 3150 };

test('a client that lists nothing gets everything', () => {
  const options = optionsFor(request({ messageType: 'DISCOVER' }));
  assert.equal(options, { messageType: 'OFFER', ...all, ...times });
});

test('a site without resolvers and time servers gives none', () => {
  const options = optionsFor(request({ messageType: 'DISCOVER' }), { tables: { ...tables, dns: [], ntp: [] } });
  assert.not('dns' in options);
  assert.not('ntp' in options);
});

test('INFORM gets no lease, and neither its times', () => {
  const options = optionsFor(request({ messageType: 'INFORM' }));
  assert.equal(options, { messageType: 'ACK', ...all });
});

const lists: readonly [asked: readonly number[], given: readonly OptionName[], why: string][] = [
  [[], ['serverId', 'leaseSeconds'], 'only what is mandatory'],
  [[1, 3, 6], ['subnetMask', 'routers', 'dns', 'serverId', 'leaseSeconds'], 'mandatory ones follow'],
  [[51, 3, 54, 1], ['leaseSeconds', 'routers', 'serverId', 'subnetMask'], 'mandatory ones in their asked place'],
  [
    [59, 58, 42, 15, 12],
    ['rebindingSeconds', 'renewalSeconds', 'ntp', 'domainName', 'hostName', 'serverId', 'leaseSeconds'],
    'any order',
  ],
  [[2, 28, 43, 66, 67, 121, 224, 255, 0], ['serverId', 'leaseSeconds'], 'what there is not to give is not given'],
  [[3, 3, 53, 3], ['routers', 'serverId', 'leaseSeconds'], 'nothing twice'],
];

for (const [asked, given, why] of lists) {
  test(`parameter request list ${asked.join(' ') || 'of nothing'}: ${why}`, () => {
    const options = optionsFor(request({ messageType: 'DISCOVER', parameterRequestList: asked }));
    assert.equal(Object.keys(options), ['messageType', ...given]);
  });
}

test('boot options are given whether asked for or not, in their place when asked for', () => {
  const boot = { vendorClass: 'HTTPClient', bootFile: 'http://10.72.0.3/ipxe.efi' };
  const given = (parameterRequestList: readonly number[]) =>
    Object.keys(optionsFor(request({ messageType: 'DISCOVER', parameterRequestList }), { boot }));
  assert.equal(given([]), ['messageType', 'serverId', 'leaseSeconds', 'vendorClass', 'bootFile']);
  assert.equal(given([67, 60]), ['messageType', 'bootFile', 'vendorClass', 'serverId', 'leaseSeconds']);
});

test('option 82, the client id and the machine id come back as they came', () => {
  const relayAgent = Buffer.from('0104737770330202beef 0904000001020b040a480003'.replaceAll(' ', ''), 'hex');
  const clientId = Buffer.from('ff0a0000aa00030001', 'hex');
  const machineId = Buffer.from('0044454c4c00001020802080c04f202000', 'hex');
  for (const parameterRequestList of [[], [82, 61, 1]]) {
    const echo = { relayAgent, clientId, machineId };
    const options = optionsFor(request({ messageType: 'DISCOVER', parameterRequestList, ...echo }));
    for (const [name, value] of Object.entries(echo)) assert.is(options[name as keyof typeof echo], value, name);
  }
});

test.run();
