// Where in the site repo a value comes from: the place that a plan's reasons name.
import { mergeIgnition, type SourceOrigins } from '../../renderers/ignition-source.ts';
import type { Place } from '../../schema/diagnostic.ts';
import type { SiteDocumentFile, ValuePath } from '../../schema/document.ts';
import type { Site } from '../../schema/load.ts';
import { type DeclaredMachine, declaredMachines } from '../../schema/machines.ts';
import { type Layer, layersOf, type Settings, saysSettings, settingsInEffect } from '../../schema/settings.ts';
import type { IgnitionSource } from '../../schema/types/ignition-object.ts';
import type { RoleDocument } from '../../schema/types/role.ts';
import { sayingsOf } from './explain/settings.ts';
import { siteOrigin } from './origin-site.ts';

/**
 * The place of a field of a machine, named as in FieldChange or Explanation, or with null of the site itself: where its
 * value is said, or what follows from it. Null when the site does not have it any more.
 */
export type Origin = (serial: string | null, field: string) => Place | null;

interface Merged {
  readonly source: IgnitionSource;
  readonly origins: SourceOrigins;
}

export function originsOf(site: Site): Origin {
  const machines = new Map<string, DeclaredMachine>();
  for (const declared of declaredMachines(site)) machines.set(declared.machine.serial, declared);
  const said = sayingPlaces(site);
  return (serial, field) => {
    if (serial === null) return siteOrigin(site, field);
    const declared = machines.get(serial);
    if (!declared) return null;
    const { rack, rackName, index } = declared;
    const own = (...path: ValuePath): Place => rack.placeOf('machines', index, ...path);
    const [head, rest] = splitOnce(field);
    switch (head) {
      case 'serial':
      case 'product':
      case 'role':
      case 'slot':
      case 'macs':
      case 'retireDate':
      case 'retire':
        return own(head, ...stepsOf(rest));
      // Addresses follow from the slot; the name from it, too.
      case 'node':
      case 'name':
        return own('slot');
      case 'links':
        return linkOrigin(declared, rest) ?? siteOrigin(site, 'network.node.gatewaySlot');
      case 'gateways':
        return siteOrigin(site, 'network.node.gatewaySlot');
      case 'bmc':
        if (rest === 'gateway') return siteOrigin(site, 'network.bmc.gateway');
        return rest === 'type' || rest === 'mac' ? own('bmc', rest) : own('slot');
      case 'tors':
        return rack.placeOf('tors');
      case 'rack':
        return siteOrigin(site, `racks.${rackName}.${rest === '' || rest === 'number' ? 'rack' : rest}`);
      case 'site':
      case 'bootServers':
        return siteOrigin(site, field);
      case 'dhcp':
        return siteOrigin(site, `site.${rest}`);
      case 'labels':
      case 'taints':
      case 'variables':
        return said(declared, field) ?? own(head);
      case 'disks':
      case 'ignition':
        return said(declared, field);
      case 'boot':
        switch (splitOnce(rest)[0]) {
          case 'os':
            return said(declared, field) ?? own('os');
          case 'arguments':
            return said(declared, field) ?? own('arguments');
          case 'ignitionSource':
          case 'kernel':
          case 'initrd':
            return said(declared, field);
          default:
            return own();
        }
      case 'machine':
      case 'bootDigest':
        return own();
      default:
        return null;
    }
  };
}

/**
 * Places of what a machine has from its role, from the defaults, or from settings of its own; null where nobody says it.
 * Machines without settings of their own have it from the same line as all such of their role: that is looked up once.
 */
function sayingPlaces(site: Site): (declared: DeclaredMachine, field: string) => Place | null {
  const merged = new Map<string, Merged>();
  const ignitionOf = (name: string, role: SiteDocumentFile<RoleDocument>): Merged => {
    const ignition = merged.get(name) ?? mergeIgnition(name, role, {}, site.ignition);
    merged.set(name, ignition);
    return ignition;
  };
  const placeOf = (layers: readonly Layer[], roleName: string, field: string): Place | null => {
    const role = site.roles.get(roleName);
    const [head, rest] = splitOnce(field);
    switch (head) {
      case 'labels':
      case 'taints':
      case 'variables':
        return settingPlace(layers, head, rest);
      case 'disks':
        return role?.placeOf(head, ...stepsOf(rest)) ?? null;
      case 'ignition': {
        if (!role) return null;
        if (field.startsWith('ignition.')) return role.placeOf('ignition', ...stepsOf(rest));
        const { source, origins } = ignitionOf(roleName, role);
        return entryPlace(source, origins, rest) ?? role.placeOf('ignition');
      }
      default: {
        const [part, rank] = splitOnce(rest);
        if (part === 'os' || part === 'arguments') return settingPlace(layers, part, rank);
        if (part === 'ignitionSource') return role?.placeOf('ignition') ?? null;
        return site.releases.placeOf('os', settingsInEffect(layers).os ?? '', part, 'sha256');
      }
    }
  };
  const ofRoles = new Map<string, Map<string, Place | null>>();
  return (declared, field) => {
    const { machine } = declared;
    if (saysSettings(machine)) return placeOf(layersOf(site, machine.role, declared), machine.role, field);
    const ofRole = ofRoles.get(machine.role) ?? new Map<string, Place | null>();
    ofRoles.set(machine.role, ofRole);
    const known = ofRole.get(field);
    if (known !== undefined) return known;
    const place = placeOf(layersOf(site, machine.role), machine.role, field);
    ofRole.set(field, place);
    return place;
  };
}

/** Null for the gateway, which no line of the rack says. */
function linkOrigin({ rack, index }: DeclaredMachine, name: string): Place | null {
  const [link = '', part] = name.split('.');
  if (part === 'gateway') return null;
  return part === 'tor' ? rack.placeOf('tors', Number(link), 'name') : rack.placeOf('machines', index, 'slot');
}

/**
 * Where the saying of a setting stands that counts. Of a list as a whole, and of what is gone, where the most specific
 * of those who say anything of the kind says it; null when none does.
 */
function settingPlace(layers: readonly Layer[], setting: keyof Settings, name: string): Place | null {
  const meant = setting === 'arguments' ? settingsInEffect(layers).arguments[Number.parseInt(name, 10)] : name;
  const [counts] = sayingsOf(layers, setting, meant);
  if (counts) return counts.place();
  const home = layers.find(({ settings }) => settings[setting] !== undefined);
  return home?.document.placeOf(...home.path, setting) ?? null;
}

function stepsOf(rest: string): ValuePath {
  return rest === '' ? [] : rest.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function splitOnce(field: string): readonly [string, string] {
  const cut = field.search(/[.:]/);
  return cut < 0 ? [field, ''] : [field.slice(0, cut), field.slice(cut + 1)];
}

/** Where the entry for a path or name of an Ignition source is written: its contents rather than its header. */
function entryPlace(source: IgnitionSource, origins: SourceOrigins, name: string): Place | null {
  for (const [section, lists] of Object.entries(source.config)) {
    for (const [list, entries] of Object.entries(
      lists as Record<string, readonly { path?: string; name?: string }[]>,
    )) {
      const index = entries.findIndex((entry) => (entry.path ?? entry.name) === name);
      if (index < 0) continue;
      const pointer = `/${section}/${list}/${index}`;
      const origin =
        origins.get(`${pointer}/contents/inline`) ??
        origins.get(`${pointer}/contents`) ??
        origins.get(`${pointer}/path`) ??
        origins.get(`${pointer}/name`);
      return origin?.(0) ?? null;
    }
  }
  return null;
}
