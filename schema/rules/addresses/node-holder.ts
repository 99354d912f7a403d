// Whose an address of the node pool is.
import { addressPlan, showAddress } from '../../address-plan.ts';
import type { Ipv4 } from '../../ipv4.ts';
import type { Site } from '../../load.ts';
import type { BootServer } from '../../types/site.ts';

/** Who has an address, or why nobody has it. */
export type NodeHolder =
  | { readonly kind: 'boot server'; readonly server: BootServer }
  | { readonly kind: 'machine' | 'ToR' }
  | { readonly kind: 'nobody'; readonly why: string; readonly mayBeBootServer?: true };

/** Finds whose an address of the node pool is: the address formula, backwards. */
export function nodeHolders(site: Site): (address: Ipv4) => NodeHolder {
  const { bootServers, network } = site.site.value;
  const { nodeBase, rangeSize, rangesPerRack, gatewaySlot } = addressPlan(network);
  const racks = new Map([...site.racks.values()].map(({ value }) => [value.rack, value]));
  return (address) => {
    const places = address - nodeBase;
    if (places < 0) return { kind: 'nobody', why: `the ranges of racks begin at ${showAddress(nodeBase)}` };
    const number = Math.floor(places / (rangeSize * rangesPerRack));
    const range = Math.floor(places / rangeSize) % rangesPerRack;
    const slot = places % rangeSize;
    const rack = racks.get(number);
    const forServer = slot === network.node.bootServerSlot ? { mayBeBootServer: true as const } : {};
    if (!rack) return { kind: 'nobody', why: `there is no rack ${number}`, ...forServer };
    if (slot === network.node.bootServerSlot) {
      const server = bootServers.find((each) => each.rack === number);
      return server
        ? { kind: 'boot server', server }
        : { kind: 'nobody', why: `rack ${number} has no boot server`, ...forServer };
    }
    if (slot === gatewaySlot && range > 0) return { kind: 'ToR' };
    if (rack.machines.some((machine) => machine.slot === slot)) return { kind: 'machine' };
    return { kind: 'nobody', why: `nothing stands in slot ${slot} of rack ${number}` };
  };
}
