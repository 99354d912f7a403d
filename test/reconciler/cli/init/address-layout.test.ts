// Address pools of new sites: large enough, apart from each other, and as a network plan wants them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AddressLayout,
  bootServerAddresses,
  type LayoutRequest,
  layOutAddresses,
  torsPerRack,
} from '../../../../reconciler/cli/init/address-layout.ts';
import { addressPlan, bmcAddress, rangeStart } from '../../../../schema/address-plan.ts';
import { contains, ipv4, type Network, network, overlaps } from '../../../../schema/ipv4.ts';

const usual: LayoutRequest = { racks: 3, machinesPerRack: 28, taken: [] };

function poolsOf(layout: AddressLayout): readonly Network[] {
  const { node, bmc, bootServerVips, bastion, pods, services, loadBalancers, egress, spineLinks } = layout;
  const others = [bootServerVips, bastion, pods, services, loadBalancers, egress, spineLinks];
  return [node.pool, bmc.pool, ...others].map(network);
}

test('the usual site', () => {
  const { node, bmc, ...others } = layOutAddresses(usual);
  assert.equal(node, {
    pool: '10.69.0.0/20',
    rangeBits: 6,
    rangesPerRack: 3,
    gatewaySlot: 1,
    bootServerSlot: 3,
    machineSlots: { first: 4, last: 31 },
    leaseSlots: { first: 32, last: 62 },
    leaseSeconds: 3600,
  });
  assert.equal(bmc, { pool: '10.72.16.0/22', offset: '0.0.0.32', rangeBits: 5, gateway: '10.72.16.1' });
  assert.equal(others, {
    bootServerVips: '10.71.255.0/29',
    bastion: '10.72.48.0/26',
    pods: '10.64.0.0/14',
    services: '10.68.0.0/16',
    loadBalancers: '10.72.32.0/20',
    egress: '10.72.49.0/25',
    spineLinks: '10.72.1.0/24',
  });
  assert.equal(bootServerAddresses(layOutAddresses(usual), 3), ['10.69.0.3', '10.69.0.195', '10.69.1.131']);
});

const sizes: readonly Partial<LayoutRequest>[] = [
  { racks: 1, machinesPerRack: 1 },
  { racks: 1, machinesPerRack: 1000 },
  { racks: 1000, machinesPerRack: 500 },
  { racks: 250, machinesPerRack: 40 },
  { racks: 17, machinesPerRack: 5 },
  { nodePool: '10.0.0.0/9' },
  { nodePool: '10.0.0.0/8' },
  { nodePool: '10.0.0.0/8', bmcPool: '192.168.0.0/16' },
  { nodePool: '192.168.0.0/20', bmcPool: '10.68.0.0/20' },
  { bmcPool: '10.69.0.0/24' },
  { taken: [ipv4('10.68.0.53'), ipv4('10.64.0.1'), ipv4('10.72.1.255')] },
];

for (const size of sizes) {
  test(`${JSON.stringify(size)}: everything has room, and nothing meets`, () => {
    const request = { ...usual, ...size };
    const layout = layOutAddresses(request);
    const pools = poolsOf(layout);
    for (const [index, pool] of pools.entries()) {
      for (const other of pools.slice(0, index)) assert.not.ok(overlaps(pool, other));
      for (const host of request.taken) assert.not.ok(contains(pool, host));
    }
    const { node } = layout;
    assert.is(node.machineSlots.last - node.machineSlots.first + 1, request.machinesPerRack);
    assert.ok(node.leaseSlots.last - node.leaseSlots.first >= 7, 'strangers find an address');
    const plan = addressPlan({ ...layout, asn: { rackBase: 1, spine: 2, core: 3 }, spines: ['spine1'] });
    const lastRack = request.racks - 1;
    assert.ok(contains(plan.nodePool, rangeStart(plan, lastRack, torsPerRack) + plan.rangeSize - 1));
    assert.ok(contains(plan.bmcPool, bmcAddress(plan, lastRack, node.machineSlots.last)));
    assert.ok(node.machineSlots.last < plan.bmcRangeSize);
    assert.ok(plan.bmcGateway < plan.bmcBase);
    assert.is(plan.nodeBase % plan.rangeSize, 0);
  });
}

const refused: readonly (readonly [Partial<LayoutRequest>, string])[] = [
  [
    { nodePool: '10.0.0.0/23' },
    'the node pool 10.0.0.0/23 is too small: 3 racks with room for 28 machines each need a /22',
  ],
  [
    { bmcPool: '10.0.0.0/26', racks: 2 },
    'the BMC pool 10.0.0.0/26 is too small: 2 racks with room for 28 machines each need a /25',
  ],
  [{ nodePool: '10.0.0.0/16', bmcPool: '10.0.4.0/22' }, 'the BMC pool 10.0.4.0/22 meets another one'],
];

for (const [size, message] of refused) {
  test(message, () => {
    assert.throws(
      () => layOutAddresses({ ...usual, ...size }),
      (error: Error) => error.message === message,
    );
  });
}

test.run();
