// The formulas that values of a machine follow from, with their numbers filled in and where each number is said.
import { addressPlan, bmcAddress, nodeAddress } from '../../../schema/address-plan.ts';
import type { Place } from '../../../schema/diagnostic.ts';
import type { SiteDocumentFile, ValuePath } from '../../../schema/document.ts';
import { formatIpv4 } from '../../../schema/ipv4.ts';
import type { Site } from '../../../schema/load.ts';
import type { DeclaredMachine } from '../../../schema/machines.ts';

export interface Formula {
  /** `10.69.0.0 (network.node.pool) + 0.0.0.0 + …` */
  readonly text: string;
  /** What it comes to. */
  readonly value: string | number;
  readonly terms: readonly Term[];
}

/** A number or text that goes into a formula. */
export interface Term {
  /** The way to it in its document. */
  readonly name: string;
  readonly value: string | number;
  /** Null where nobody says it, so that a default holds. */
  readonly place: Place | null;
}

/** Node k of the machine, or of what else is in a slot of its rack: see docs/site-repo.md. */
export function nodeFormula(site: Site, { rack }: DeclaredMachine, k: number, slot: Term): Formula {
  const { network } = site.site.value;
  const { pool, offset = '0.0.0.0', rangeBits, rangesPerRack } = network.node;
  const r = rack.value.rack;
  const i = Number(slot.value);
  const steps = `2^${rangeBits} · ${rangesPerRack} · ${r} + 2^${rangeBits} · ${k} + ${i}`;
  return {
    text: `${firstOf(pool)} (network.node.pool) + ${offset} + ${steps}`,
    value: formatIpv4(nodeAddress(addressPlan(network), r, i, k)),
    terms: [
      siteTerm(site, ['network', 'node', 'pool'], pool),
      siteTerm(site, ['network', 'node', 'offset'], offset),
      siteTerm(site, ['network', 'node', 'rangeBits'], rangeBits),
      siteTerm(site, ['network', 'node', 'rangesPerRack'], rangesPerRack),
      term(rack, ['rack'], r),
      slot,
    ],
  };
}

export function bmcFormula(site: Site, { rack, machine }: DeclaredMachine, slot: Term): Formula {
  const { network } = site.site.value;
  const { pool, offset, rangeBits } = network.bmc;
  const r = rack.value.rack;
  return {
    text: `${firstOf(pool)} (network.bmc.pool) + ${offset} + 2^${rangeBits} · ${r} + ${machine.slot}`,
    value: formatIpv4(bmcAddress(addressPlan(network), r, machine.slot)),
    terms: [
      siteTerm(site, ['network', 'bmc', 'pool'], pool),
      siteTerm(site, ['network', 'bmc', 'offset'], offset),
      siteTerm(site, ['network', 'bmc', 'rangeBits'], rangeBits),
      term(rack, ['rack'], r),
      slot,
    ],
  };
}

export function asnFormula(site: Site, { rack }: DeclaredMachine): Formula {
  const { rackBase } = site.site.value.network.asn;
  const r = rack.value.rack;
  return {
    text: `${rackBase} (network.asn.rackBase) + ${r}`,
    value: rackBase + r,
    terms: [siteTerm(site, ['network', 'asn', 'rackBase'], rackBase), term(rack, ['rack'], r)],
  };
}

/** The machine's own slot. */
export function slotTerm({ rack, index, machine }: DeclaredMachine): Term {
  return { name: 'slot', value: machine.slot, place: rack.placeOf('machines', index, 'slot') };
}

/** The slot of the ToR. */
export function gatewayTerm(site: Site): Term {
  return siteTerm(site, ['network', 'node', 'gatewaySlot'], site.site.value.network.node.gatewaySlot ?? 1);
}

function siteTerm(site: Site, path: ValuePath, value: string | number): Term {
  return term(site.site, path, value);
}

function term(document: SiteDocumentFile<unknown>, path: ValuePath, value: string | number): Term {
  return { name: path.join('.'), value, place: isSaid(document, path) ? document.placeOf(...path) : null };
}

/** Whether a document has a value at a path. */
export function isSaid(document: SiteDocumentFile<unknown>, path: ValuePath): boolean {
  let value = document.value;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return true;
}

function firstOf(pool: string): string {
  return pool.replace(/\/.*$/, '');
}
