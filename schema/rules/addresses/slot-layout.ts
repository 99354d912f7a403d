import type { ValuePath } from '../../document.ts';
import type { Rule } from '../rule.ts';

interface Use {
  readonly name: string;
  readonly path: ValuePath;
  readonly first: number;
  readonly last: number;
}

/** ToR, boot server, machines and leases share a range: each slot has one use, network and broadcast none. */
export const slotLayout: Rule = {
  id: 'BERTH-203',
  title: 'the slots of a range have one use each',
  *check(site) {
    const { node } = site.site.value.network;
    const gateway = node.gatewaySlot ?? 1;
    const uses: readonly Use[] = [
      { name: 'gatewaySlot', path: ['gatewaySlot'], first: gateway, last: gateway },
      { name: 'bootServerSlot', path: ['bootServerSlot'], first: node.bootServerSlot, last: node.bootServerSlot },
      { name: 'machineSlots', path: ['machineSlots'], ...node.machineSlots },
      { name: 'leaseSlots', path: ['leaseSlots'], ...node.leaseSlots },
    ];
    const highest = 2 ** node.rangeBits - 2;
    for (const [index, use] of uses.entries()) {
      const place = site.site.placeOf('network', 'node', ...use.path);
      if (use.first > use.last) {
        const message = `${use.name} begins at ${use.first}, after its end at ${use.last}`;
        yield { place, message, hint: 'first must not be greater than last' };
      } else if (use.last > highest) {
        const message = `${use.name} reaches ${use.last}, but a range of 2^${node.rangeBits} addresses ends at ${highest}`;
        yield { place, message, hint: 'lower the slot, or raise rangeBits' };
      }
      for (const other of uses.slice(0, index)) {
        if (use.first > other.last || other.first > use.last) continue;
        const message = `${use.name} ${span(use)} meets ${other.name} ${span(other)}`;
        yield { place, message, hint: 'give each its own slots' };
      }
    }
  },
};

function span({ first, last }: Use): string {
  return first === last ? String(first) : `${first} to ${last}`;
}
