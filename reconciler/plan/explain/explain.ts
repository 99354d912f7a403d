// Where every value of a machine comes from.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import type { Place } from '../../../schema/diagnostic.ts';
import type { Site } from '../../../schema/load.ts';
import { type DeclaredMachine, declaredMachines } from '../../../schema/machines.ts';
import { type Layer, layersOf, type Settings, taintKey } from '../../../schema/settings.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import { type Origin, originsOf } from '../origin.ts';
import { asnFormula, bmcFormula, type Formula, gatewayTerm, isSaid, nodeFormula, slotTerm } from './formula.ts';
import { sayingsOf } from './settings.ts';

/** The parts in which a machine is explained, in their order. */
export const parts = ['machine', 'rack', 'addresses', 'dhcp', 'boot', 'settings'] as const;

export interface Explanation {
  readonly part: (typeof parts)[number];
  /** A path of names: `links.0.address`. */
  readonly field: string;
  readonly value: string | number | boolean;
  /** Where it is said, or what tells it from the same value of other machines; null where a default holds. */
  readonly place: Place | null;
  /** What it follows from, where nobody says it itself. */
  readonly formula: Pick<Formula, 'text' | 'terms'> | null;
  /** Less specific documents that say it otherwise, the most specific first. */
  readonly overrides: readonly { readonly value: string | number | boolean; readonly place: Place }[];
  /** Others that say the same, in vain. */
  readonly repeats: readonly Place[];
}

/** Explain every value of a machine of a compiled site. @throws {RangeError} when the site has no such machine */
export function explain(site: Site, blueprint: Blueprint, serial: string): readonly Explanation[] {
  const object = blueprint.machines.get(serial);
  const declared = [...declaredMachines(site)].find(({ machine }) => machine.serial === serial);
  if (!object || !declared) throw new RangeError(`no machine has the serial ${serial}`);
  return new Explainer(site, blueprint, object, declared).all();
}

class Explainer {
  readonly #site: Site;
  readonly #blueprint: Blueprint;
  readonly #object: MachineObject;
  readonly #declared: DeclaredMachine;
  readonly #layers: readonly Layer[];
  readonly #origin: Origin;
  readonly #found: Explanation[] = [];

  constructor(site: Site, blueprint: Blueprint, object: MachineObject, declared: DeclaredMachine) {
    this.#site = site;
    this.#blueprint = blueprint;
    this.#object = object;
    this.#declared = declared;
    this.#layers = layersOf(site, object.role, declared);
    this.#origin = originsOf(site);
  }

  all(): readonly Explanation[] {
    this.#machine();
    this.#rack();
    this.#addresses();
    this.#dhcp();
    this.#boot();
    this.#settings();
    return this.#found;
  }

  #machine(): void {
    const { serial, product, name, role, rack, slot, macs } = this.#object;
    const { retire, retireDate } = this.#declared.machine;
    this.#said('machine', 'serial', serial);
    this.#said('machine', 'product', product);
    this.#said('machine', 'role', role);
    this.#said('machine', 'slot', slot);
    this.#follows('machine', 'name', name, {
      text: `${rack} (the rack's file) - ${String(slot).padStart(2, '0')} (slot)`,
      terms: [slotTerm(this.#declared)],
    });
    for (const [index, mac] of macs.entries()) this.#said('machine', `macs.${index}`, mac);
    this.#said('machine', 'retireDate', retireDate);
    this.#said('machine', 'retire.reason', retire?.reason);
  }

  #rack(): void {
    const { rack, powerFeed } = this.#declared.rack.value;
    this.#said('rack', 'rack.name', this.#object.rack);
    this.#said('rack', 'rack.number', rack);
    this.#said('rack', 'rack.powerFeed', powerFeed);
    const asn = asnFormula(this.#site, this.#declared);
    this.#follows('rack', 'rack.asn', asn.value, asn);
  }

  #addresses(): void {
    const { node, links, bmc } = this.#object;
    const slot = slotTerm(this.#declared);
    const formula = (k: number, at = slot): Formula => nodeFormula(this.#site, this.#declared, k, at);
    this.#follows('addresses', 'node', node, formula(0));
    for (const [index, { tor, address, gateway }] of links.entries()) {
      this.#said('addresses', `links.${index}.tor`, tor);
      this.#follows('addresses', `links.${index}.address`, address, formula(index + 1));
      this.#follows('addresses', `links.${index}.gateway`, gateway, formula(index + 1, gatewayTerm(this.#site)));
    }
    this.#said('addresses', 'bmc.type', bmc.type);
    this.#said('addresses', 'bmc.mac', this.#declared.machine.bmc.mac);
    this.#follows('addresses', 'bmc.address', bmc.address, bmcFormula(this.#site, this.#declared, slot));
    this.#said('addresses', 'bmc.gateway', bmc.gateway);
  }

  /** What a DHCP answer holds beside the addresses and the name. */
  #dhcp(): void {
    const { domain, dns, ntp, leaseSeconds } = this.#blueprint.site;
    this.#said('dhcp', 'dhcp.domain', domain);
    for (const [index, address] of dns.entries()) this.#said('dhcp', `dhcp.dns.${index}`, address);
    for (const [index, address] of ntp.entries()) this.#said('dhcp', `dhcp.ntp.${index}`, address);
    const isOwn = isSaid(this.#site.site, ['network', 'node', 'leaseSeconds']);
    if (isOwn) this.#said('dhcp', 'dhcp.leaseSeconds', leaseSeconds);
    else this.#add({ part: 'dhcp', field: 'dhcp.leaseSeconds', value: leaseSeconds, place: null });
  }

  #boot(): void {
    const { boot, bootDigest, role } = this.#object;
    this.#setting('boot', 'boot.os', 'os', '', boot.os);
    this.#said('boot', 'boot.kernel', boot.kernel);
    this.#said('boot', 'boot.initrd', boot.initrd);
    for (const [index, text] of boot.arguments.entries()) {
      this.#setting('boot', `boot.arguments.${index}`, 'arguments', text, text);
    }
    const folders = this.#site.roles.get(role)?.value.ignition ?? [];
    for (const [index, folder] of folders.entries()) this.#said('boot', `ignition.${index}`, folder);
    this.#follows('boot', 'boot.ignition', boot.ignition, {
      text: `SHA-256 of the Ignition rendered from ${folders.join(', ')}`,
      terms: [],
    });
    this.#follows('boot', 'bootDigest', bootDigest, {
      text: 'SHA-256 over boot.kernel, boot.initrd, boot.arguments and boot.ignition',
      terms: [],
    });
  }

  #settings(): void {
    const { labels, taints = [], role } = this.#object;
    const inOrder = (values: object): (readonly [string, string | number | boolean])[] =>
      Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, value] of inOrder(labels)) this.#setting('settings', `labels.${name}`, 'labels', name, value);
    for (const taint of taints) {
      this.#setting('settings', `taints.${taintKey(taint)}`, 'taints', taintKey(taint), taint);
    }
    const variables = { ...this.#blueprint.ignition.get(role)?.variables, ...this.#object.variables };
    for (const [name, value] of inOrder(variables)) {
      this.#setting('settings', `variables.${name}`, 'variables', name, value);
    }
    for (const [index, { device }] of (this.#site.roles.get(role)?.value.disks ?? []).entries()) {
      this.#said('settings', `disks.${index}`, device);
    }
  }

  /** A value that one document says. */
  #said(part: Explanation['part'], field: string, value: Explanation['value'] | undefined): void {
    if (value === undefined) return;
    this.#add({ part, field, value, place: this.#origin(this.#object.serial, field) });
  }

  #follows(
    part: Explanation['part'],
    field: string,
    value: Explanation['value'],
    { text, terms }: Pick<Formula, 'text' | 'terms'>,
  ): void {
    this.#add({ part, field, value, place: this.#origin(this.#object.serial, field), formula: { text, terms } });
  }

  /** A value that several documents may say. */
  #setting(
    part: Explanation['part'],
    field: string,
    setting: keyof Settings,
    name: string,
    value: Explanation['value'],
  ): void {
    const others = sayingsOf(this.#layers, setting, name).slice(1);
    const place = this.#origin(this.#object.serial, field);
    if (setting === 'arguments') this.#add({ part, field, value, place, repeats: others.map((one) => one.place()) });
    else
      this.#add({
        part,
        field,
        value,
        place,
        overrides: others.map((one) => ({ value: one.value, place: one.place() })),
      });
  }

  #add(explanation: Pick<Explanation, 'part' | 'field' | 'value' | 'place'> & Partial<Explanation>): void {
    this.#found.push({ formula: null, overrides: [], repeats: [], ...explanation });
  }
}
