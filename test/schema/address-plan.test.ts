// The address formula against the plan that it is made for, in examples worked out by hand.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addressPlan,
  bmcAddress,
  linkAddresses,
  nodeAddress,
  rangeStart,
  showAddress,
  torAddress,
} from '../../schema/address-plan.ts';
import { formatIpv4 } from '../../schema/ipv4.ts';
import type { SiteDocument } from '../../schema/types/site.ts';
import { example, siteOf } from './example-site.ts';

type Network = SiteDocument['network'];
const { network } = siteOf(example).site.value;
const plan = addressPlan(network);

/** Addresses on ranges 0, 1, 2 … of a rack. */
function addresses(rack: number, slot: number, of = plan): readonly string[] {
  return [0, 1, 2].map((k) => formatIpv4(nodeAddress(of, rack, slot, k)));
}

test('the plan of the example, in numbers', () => {
  assert.equal([plan.rangeSize, plan.rangePrefixLength, plan.rangesPerRack, plan.gatewaySlot], [64, 26, 3, 1]);
  assert.equal([formatIpv4(plan.nodeBase), formatIpv4(plan.bmcBase)], ['10.69.0.0', '10.72.17.0']);
  assert.equal([plan.bmcRangeSize, formatIpv4(plan.bmcGateway)], [32, '10.72.16.1']);
});

const bootServers: readonly (readonly [rack: number, node: string])[] = [
  [0, '10.69.0.3'],
  [1, '10.69.0.195'],
  [2, '10.69.1.131'],
  [3, '10.69.2.67'],
];

for (const [rack, node] of bootServers) {
  test(`the boot server of rack ${rack} is ${node}`, () => {
    assert.is(formatIpv4(nodeAddress(plan, rack, network.node.bootServerSlot, 0)), node);
  });
}

const machines: readonly (readonly [rack: number, slot: number, addresses: readonly string[]])[] = [
  [0, 3, ['10.69.0.3', '10.69.0.67', '10.69.0.131']],
  [0, 4, ['10.69.0.4', '10.69.0.68', '10.69.0.132']],
  [1, 3, ['10.69.0.195', '10.69.1.3', '10.69.1.67']],
  [1, 4, ['10.69.0.196', '10.69.1.4', '10.69.1.68']],
  [20, 31, ['10.69.15.31', '10.69.15.95', '10.69.15.159']],
];

for (const [rack, slot, expected] of machines) {
  test(`slot ${slot} of rack ${rack}`, () => assert.equal(addresses(rack, slot), expected));
}

test('ToRs, and the ranges that they serve', () => {
  const tors = (rack: number): readonly string[] => [1, 2].map((k) => formatIpv4(torAddress(plan, rack, k)));
  assert.equal(tors(0), ['10.69.0.65', '10.69.0.129']);
  assert.equal(tors(1), ['10.69.1.1', '10.69.1.65']);
  const ranges = [0, 1, 2].map((k) => formatIpv4(rangeStart(plan, 1, k)));
  assert.equal(ranges, ['10.69.0.192', '10.69.1.0', '10.69.1.64']);
});

test('the last rack of the pool, and the first one past it', () => {
  assert.is(formatIpv4(rangeStart(plan, 21, 0) - 1), '10.69.15.191');
  assert.is(formatIpv4(rangeStart(plan, 21, 1)), '10.69.16.0');
  assert.ok(rangeStart(plan, 21, 1) > plan.nodePool.last);
});

test('slots for leases end before the broadcast address of their range', () => {
  const { first, last } = network.node.leaseSlots;
  const leases = (rack: number, k: number): readonly string[] =>
    [first, last].map((slot) => formatIpv4(nodeAddress(plan, rack, slot, k)));
  assert.equal(leases(1, 0), ['10.69.0.224', '10.69.0.254']);
  assert.equal(leases(0, 2), ['10.69.0.160', '10.69.0.190']);
});

const bmcs: readonly (readonly [rack: number, slot: number, address: string])[] = [
  [0, 4, '10.72.17.4'],
  [1, 4, '10.72.17.36'],
  [3, 31, '10.72.17.127'],
  [119, 30, '10.72.31.254'],
];

for (const [rack, slot, address] of bmcs) {
  test(`the BMC of slot ${slot} in rack ${rack} is ${address}`, () => {
    assert.is(formatIpv4(bmcAddress(plan, rack, slot)), address);
  });
}

const links: readonly (readonly [id: number, spine: string, tor: string])[] = [
  [0, '10.72.1.0', '10.72.1.1'],
  [7, '10.72.1.14', '10.72.1.15'],
  [8, '10.72.1.16', '10.72.1.17'],
  [127, '10.72.1.254', '10.72.1.255'],
];

for (const [id, spine, tor] of links) {
  test(`spine link ${id} is ${spine} to ${tor}`, () => {
    const ends = linkAddresses(plan, id);
    assert.equal([formatIpv4(ends.spine), formatIpv4(ends.tor)], [spine, tor]);
  });
}

test('an offset moves everything, and what site.yaml leaves out has its default', () => {
  const { offset: _, gatewaySlot: __, ...node } = { offset: '', ...network.node };
  const moved = addressPlan({ ...network, node: { ...node, offset: '0.0.2.0' } } as Network);
  assert.equal(addresses(1, 4, moved), ['10.69.2.196', '10.69.3.4', '10.69.3.68']);
  assert.is(moved.gatewaySlot, 1);
  const other = addressPlan({ ...network, node: { ...node, gatewaySlot: 2 } } as Network);
  assert.is(formatIpv4(torAddress(other, 0, 1)), '10.69.0.66');
});

test('no two addresses of a site are the same', () => {
  const seen = new Set<number>();
  let made = 0;
  for (let rack = 0; rack <= 20; rack++) {
    for (let k = 0; k < plan.rangesPerRack; k++) {
      for (let slot = 0; slot < plan.rangeSize; slot++) {
        seen.add(nodeAddress(plan, rack, slot, k));
        made++;
      }
    }
  }
  assert.is(seen.size, made);
});

test('the text of an address past the end of all addresses', () => {
  assert.is(showAddress(0xffffffff), '255.255.255.255');
  assert.is(showAddress(0x100000000), 'an address past 255.255.255.255');
});

test.run();
