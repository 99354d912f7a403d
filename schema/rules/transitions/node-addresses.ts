import { type AddressPlan, addressPlan, nodeAddress, showAddress, torAddress } from '../../address-plan.ts';
import type { ValuePath } from '../../document.ts';
import type { Site } from '../../load.ts';
import { counted } from '../../words.ts';
import type { Finding } from '../rule.ts';
import { keptMachines } from './kept-machines.ts';
import type { Transition } from './transition.ts';

const hint = 'addresses of what runs never change: put it back as it was';

/** Every address follows from the plan, so one changed number of it would renumber the whole site at once. */
export const nodeAddresses: Transition = {
  id: 'BERTH-904',
  title: 'the formula of node addresses does not change under machines that stay',
  *check(base, site) {
    const [before, after] = [addressPlan(base.site.value.network), addressPlan(site.site.value.network)];
    yield* renumbered(base, site, before, after);
    yield* movedGateways(base, site, before, after);
    yield* movedServers(base, site, before, after);
  },
};

/** Machines are looked at where they stood, since one that moves gets another address in any case. */
function* renumbered(base: Site, site: Site, before: AddressPlan, after: AddressPlan): Generator<Finding> {
  const keys = ['nodeBase', 'rangeSize', 'rangesPerRack'] as const;
  if (keys.every((key) => before[key] === after[key])) return;
  const network = site.site.value.network.node;
  let count = 0;
  let example = '';
  for (const { serial, before: old } of keptMachines(base, site)) {
    const [rack, slot] = [old.rack.value.rack, old.machine.slot];
    const ranges = old.rack.value.tors.length + 1;
    const k = Array.from({ length: ranges }, (_, index) => index).find(
      (range) => nodeAddress(before, rack, slot, range) !== nodeAddress(after, rack, slot, range),
    );
    if (k === undefined && before.rangeSize === after.rangeSize) continue;
    count++;
    if (example !== '') continue;
    const [from, to] = [before, after].map((plan) => {
      const prefix = k === undefined || k > 0 ? `/${plan.rangePrefixLength}` : '';
      return `${showAddress(nodeAddress(plan, rack, slot, k ?? 1))}${prefix}`;
    });
    example = `${serial} ${from} → ${to}`;
  }
  if (count === 0) return;
  const old = base.site.value.network.node;
  const path = (['pool', 'offset', 'rangeBits', 'rangesPerRack'] as const).find((key) => old[key] !== network[key]);
  const message = `${counted(count, 'machine')} would get other addresses, such as ${example}`;
  yield { place: site.site.placeOf('network', 'node', path ?? 'pool'), message, hint };
}

function* movedGateways(base: Site, site: Site, before: AddressPlan, after: AddressPlan): Generator<Finding> {
  if (before.gatewaySlot === after.gatewaySlot) return;
  let machines = 0;
  let example = '';
  for (const { before: old } of keptMachines(base, site)) {
    machines++;
    const { rack, tors } = old.rack.value;
    if (example !== '') continue;
    const [from, to] = [before.gatewaySlot, after.gatewaySlot].map((gatewaySlot) => {
      return showAddress(torAddress({ ...before, gatewaySlot }, rack, 1));
    });
    example = `${tors[0]?.name ?? 'the ToR'} ${from} → ${to}`;
  }
  if (machines === 0) return;
  const message = `${counted(machines, 'machine')} would get other gateways, such as ${example}`;
  yield { place: site.site.placeOf('network', 'node', 'gatewaySlot'), message, hint };
}

function* movedServers(base: Site, site: Site, before: AddressPlan, after: AddressPlan): Generator<Finding> {
  const path: ValuePath = ['network', 'node', 'bootServerSlot'];
  const [old, now] = [base, site].map((one) => one.site.value.network.node.bootServerSlot);
  const [first] = base.site.value.bootServers;
  if (old === undefined || now === undefined || old === now || !first) return;
  const [from, to] = [nodeAddress(before, first.rack, old, 0), nodeAddress(after, first.rack, now, 0)].map(showAddress);
  const servers = counted(base.site.value.bootServers.length, 'boot server');
  const message = `${servers} would get other addresses, such as ${first.name} ${from} → ${to}`;
  yield { place: site.site.placeOf(...path), message, hint };
}
