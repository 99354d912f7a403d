// Where in the site repo a value of a machine object comes from: the place that a plan's reasons name.
import { mergeIgnition, type SourceOrigins } from '../../renderers/ignition-source.ts';
import type { Place } from '../../schema/diagnostic.ts';
import type { Site } from '../../schema/load.ts';
import { type DeclaredMachine, declaredMachines } from '../../schema/machines.ts';
import type { IgnitionSource } from '../../schema/types/ignition-object.ts';

/** The place of a field of a machine (named as in FieldChange); null when the site no longer has it. */
export type Origin = (serial: string, field: string) => Place | null;

export function originsOf(site: Site): Origin {
  const machines = new Map<string, DeclaredMachine>();
  for (const declared of declaredMachines(site)) machines.set(declared.machine.serial, declared);
  const sources = new Map<string, { readonly source: IgnitionSource; readonly origins: SourceOrigins }>();
  const sourceOf = (role: string) => {
    const document = site.roles.get(role);
    const known = sources.get(role);
    if (known || !document) return known;
    const merged = mergeIgnition(role, document, site.ignition);
    sources.set(role, merged);
    return merged;
  };
  return (serial, field) => {
    const declared = machines.get(serial);
    if (!declared) return null;
    const { rack, index, machine } = declared;
    const role = site.roles.get(machine.role);
    const [head = '', rest = ''] = splitOnce(field);
    switch (head) {
      case 'role':
      case 'slot':
      case 'macs':
      case 'labels':
        return rack.placeOf('machines', index, head);
      case 'rack':
        return rack.placeOf('rack');
      case 'node':
      case 'links':
      case 'bmc':
        return rack.placeOf('machines', index, 'slot');
      case 'variables':
        return role?.placeOf('variables', rest) ?? null;
      case 'ignition': {
        const merged = sourceOf(machine.role);
        return (merged && entryPlace(merged.source, merged.origins, rest)) ?? role?.placeOf('ignition') ?? null;
      }
      case 'boot':
        if (rest === 'kernel' || rest === 'initrd')
          return site.releases.placeOf('os', role?.value.os ?? '', rest, 'sha256');
        if (rest === 'os' || rest === 'arguments') return role?.placeOf(rest) ?? null;
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
