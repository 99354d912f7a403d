// Where in the site repo a value comes from: the place that a plan's reasons name.
import { mergeIgnition, type SourceOrigins } from '../../renderers/ignition-source.ts';
import type { Place } from '../../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../../schema/document.ts';
import type { Site } from '../../schema/load.ts';
import { type DeclaredMachine, declaredMachines } from '../../schema/machines.ts';
import type { IgnitionSource } from '../../schema/types/ignition-object.ts';
import type { RoleDocument } from '../../schema/types/role.ts';
import { siteOrigin } from './origin-site.ts';

/**
 * The place of a field (named as in FieldChange) of a machine, or with null of the site itself. Null when the site no
 * longer has it.
 */
export type Origin = (serial: string | null, field: string) => Place | null;

interface Merged {
  readonly source: IgnitionSource;
  readonly origins: SourceOrigins;
}

export function originsOf(site: Site): Origin {
  const machines = new Map<string, DeclaredMachine>();
  for (const declared of declaredMachines(site)) machines.set(declared.machine.serial, declared);
  const merged = new Map<string, Merged>();
  const ignitionOf = (name: string, role: SiteDocumentFile<RoleDocument>): Merged => {
    const ignition = merged.get(name) ?? mergeIgnition(name, role, {}, site.ignition);
    merged.set(name, ignition);
    return ignition;
  };
  return (serial, field) => {
    if (serial === null) return siteOrigin(site, field);
    const declared = machines.get(serial);
    if (!declared) return null;
    const { rack, rackName, index, machine } = declared;
    const role = site.roles.get(machine.role);
    const [head, rest] = splitOnce(field);
    switch (head) {
      case 'role':
      case 'slot':
      case 'macs':
        return rack.placeOf('machines', index, head);
      case 'labels': {
        const own = Object.hasOwn(machine.labels ?? {}, rest) || !Object.hasOwn(role?.value.labels ?? {}, rest);
        return own ? rack.placeOf('machines', index, 'labels', rest) : (role?.placeOf('labels', rest) ?? null);
      }
      // Addresses follow from the slot; the name from it, too.
      case 'node':
      case 'links':
      case 'name':
        return rack.placeOf('machines', index, 'slot');
      case 'gateways':
        return site.site.placeOf('network', 'node', 'gatewaySlot');
      case 'bmc':
        if (rest === 'gateway') return site.site.placeOf('network', 'bmc', 'gateway');
        return rack.placeOf('machines', index, ...(rest === 'type' ? ['bmc', 'type'] : ['slot']));
      case 'tors':
        return rack.placeOf('tors');
      case 'rack':
        return siteOrigin(site, `racks.${rackName}.${rest === '' || rest === 'number' ? 'rack' : rest}`);
      case 'site':
      case 'bootServers':
        return siteOrigin(site, field);
      case 'variables':
        return role?.placeOf('variables', rest) ?? null;
      case 'ignition': {
        if (!role) return null;
        const { source, origins } = ignitionOf(machine.role, role);
        return entryPlace(source, origins, rest) ?? role.placeOf('ignition');
      }
      case 'boot':
        if (rest === 'kernel' || rest === 'initrd')
          return site.releases.placeOf('os', role?.value.os ?? '', rest, 'sha256');
        if (rest === 'os' || rest === 'arguments') return role?.placeOf(rest) ?? null;
        if (rest === 'ignitionSource') return role?.placeOf('ignition') ?? null;
        return rack.placeOf('machines', index);
      case 'machine':
        return rack.placeOf('machines', index);
      default:
        return null;
    }
  };
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
