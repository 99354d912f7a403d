// What the rules promise together: a site that they let through has addresses that work.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Blueprint } from '../../renderers/blueprint.ts';
import { compile } from '../../renderers/compile.ts';
import { contains, ipv4, type Network, network, overlaps } from '../../schema/ipv4.ts';
import { loadSite, type Site } from '../../schema/load.ts';
import { checkRules } from '../../schema/rules/rules.ts';
import { type RandomNumbers, randomNumbers } from '../random.ts';
import { changed, example, textOf } from './example-site.ts';

/** How often a plan asks for what is mostly good. */
const choices = 26;
const rounds = 6 * choices;

/** The example with roles that are quick to compile. */
const plain = changed(
  new Map([...example].filter(([name]) => !name.startsWith('ignition/'))),
  ['ignition/plain/ignition.yaml', '', '{}\n'],
  ['roles/cs.yaml', '[common, cs]', '[plain]'],
  ['roles/ss.yaml', '[common, ss]', '[plain]'],
);

/** The example with another plan, in which one thing is odd. */
function randomSite(random: RandomNumbers, odd: number): Site | null {
  let choice = 0;
  const mostly = <T>(good: T, ...others: readonly T[]): T => (choice++ === odd ? random.pick(others) : good);
  const rangeBits = 4 + random.below(4);
  const highest = 2 ** rangeBits - 2;
  const first = 4 + random.below(3);
  const last = Math.min(first + 8 + random.below(20), highest - 1);
  const plan = `
  node:
    pool: ${mostly('10.69.0.0/20', '10.69.0.0/22', '10.69.2.0/23', '10.69.0.0/24', '10.72.0.0/16')}
    offset: ${mostly('0.0.0.0', '0.0.0.128', '0.0.0.72', '0.0.0.8', '0.0.0.32')}
    rangeBits: ${rangeBits}
    rangesPerRack: ${mostly(3, 2, 4)}
    gatewaySlot: ${mostly(1, 2, 3, 4, highest, highest + 1)}
    bootServerSlot: ${mostly(3, 1, 2, first, last)}
    machineSlots: { first: ${mostly(first, 1, 3)}, last: ${mostly(last, highest, highest + 1)} }
    leaseSlots: { first: ${mostly(last + 1, last, first)}, last: ${mostly(highest, highest + 1, last)} }
  bmc:
    pool: ${mostly('10.72.16.0/20', '10.72.16.0/24', '10.72.16.0/25', '10.72.16.0/23')}
    offset: ${mostly('0.0.0.128', '0.0.0.0', '0.0.1.0', '0.0.0.255')}
    rangeBits: ${mostly(Math.max(5, Math.ceil(Math.log2(last + 1))), 4, 3)}
    gateway: ${mostly('10.72.16.1', '10.72.16.0', '10.72.16.133', '10.72.31.255', '10.72.32.1')}
`;
  const text = textOf(plain, 'site.yaml')
    .replace(/\n {2}node:[\s\S]*?(?=\n {2}bootServerVips)/, plan)
    .replaceAll(/^(dns|ntp): .*$/gm, '$1: [10.0.53.1]')
    .replace(/targets: .*/, 'targets: [10.71.255.1]')
    .replace('10.72.1.0/24', mostly('10.72.1.0/24', '10.72.1.0/27', '10.72.1.0/28', '10.71.255.4/30'));
  let files = changed(plain, ['site.yaml', '', text]);
  for (const name of ['r0', 'r1', 'r2', 'r3']) {
    const firstSlot = mostly(first + random.below(last - first - 6), 1, last + 1);
    const slots = Array.from({ length: 8 }, (_, index) => firstSlot + index);
    slots[7] = mostly(firstSlot + 7, firstSlot);
    const rack = textOf(files, `racks/${name}.yaml`)
      .replaceAll(/slot: \d+/g, () => `slot: ${slots.shift()}`)
      .replace(/links: \{ spine1: \d+/, (link) => mostly(link, 'links: { spine1: 7', 'links: { spine1: 16'));
    files = changed(files, [`racks/${name}.yaml`, '', rack]);
  }
  return loadSite(files).site;
}

function networkOf(address: string, prefixLength: number): Network {
  const size = 2 ** (32 - prefixLength);
  const first = Math.floor(ipv4(address) / size) * size;
  return { first, last: first + size - 1, prefixLength };
}

/** Hosts of one network: inside of it, and neither its first nor its last address. */
function areHosts(net: Network, ...addresses: readonly string[]): boolean {
  return addresses.every((address) => contains(net, ipv4(address)) && ![net.first, net.last].includes(ipv4(address)));
}

function checkAddresses({ network: plan }: Site['site']['value'], { site, racks, machines }: Blueprint): void {
  const used = new Map<string, string>();
  const use = (address: string, who: string, inside: string): void => {
    assert.not(used.has(address), `${address} of ${who} is free: ${used.get(address)}`);
    used.set(address, who);
    assert.ok(contains(network(inside), ipv4(address)), `${address} of ${who} is in ${inside}`);
  };
  use(plan.bmc.gateway, 'the BMC gateway', plan.bmc.pool);
  for (const { name, node, links } of site.servers)
    for (const address of [node, ...links]) use(address, name, plan.node.pool);
  for (const { tors } of racks.values()) {
    for (const tor of tors) {
      const { first } = networkOf(tor.address, tor.prefixLength);
      assert.is(ipv4(tor.address) - first, plan.node.gatewaySlot, 'slots count from the start of a network');
      use(tor.address, tor.name, plan.node.pool);
      for (const link of tor.links) {
        use(link.spineAddress, `${tor.name} at ${link.spine}`, plan.spineLinks);
        use(link.torAddress, `${link.spine} at ${tor.name}`, plan.spineLinks);
        assert.equal(networkOf(link.spineAddress, 31), networkOf(link.torAddress, 31));
      }
    }
    const ranges = tors.map(({ address, prefixLength }) => networkOf(address, prefixLength));
    for (const [index, range] of ranges.entries()) {
      assert.not(
        ranges.slice(0, index).some((other) => overlaps(range, other)),
        'each ToR has a network of its own',
      );
    }
  }
  for (const { name, node, links, bmc } of machines.values()) {
    use(node, name, plan.node.pool);
    use(bmc.address, `the BMC of ${name}`, plan.bmc.pool);
    assert.ok(areHosts(networkOf(bmc.address, bmc.prefixLength), bmc.address, bmc.gateway), `the BMC of ${name}`);
    for (const { address, gateway, prefixLength } of links) {
      use(address, name, plan.node.pool);
      assert.ok(areHosts(networkOf(address, prefixLength), address, gateway), `${address} of ${name} by ${gateway}`);
    }
  }
}

test('in a site that keeps every rule, each address is one of a kind, in its pool, and reaches its gateway', () => {
  const random = randomNumbers(12);
  const outcomes = { kept: 0, broken: 0 };
  for (let round = 0; round < rounds; round++) {
    const site = randomSite(random, round % choices);
    if (!site || checkRules(site).length > 0) {
      outcomes.broken++;
      continue;
    }
    const { blueprint } = compile(site);
    assert.ok(blueprint);
    checkAddresses(site.site.value, blueprint);
    outcomes.kept++;
  }
  assert.ok(outcomes.kept > 20 && outcomes.broken > 50, JSON.stringify(outcomes));
});

test.run();
