// What differs between two blueprints, machine by machine, said field by field.

import type { Blueprint } from '../../renderers/blueprint.ts';
import { canonicalJson } from '../../schema/canonical.ts';
import type { IgnitionSource } from '../../schema/types/ignition-object.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';

/** One value that differs. `field` is a path into the machine object, or `ignition:<path or unit>`. */
export interface FieldChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Compared in this order, so that a cause stands before what follows from it. */
const fields: readonly (readonly [string, (machine: MachineObject) => unknown])[] = [
  ['role', (m) => m.role],
  ['rack', (m) => m.rack],
  ['slot', (m) => m.slot],
  ['macs', (m) => m.macs],
  ['node', (m) => m.node],
  ['links', (m) => m.links.map(({ address }) => address)],
  ['bmc', (m) => m.bmc.address],
  ['labels', (m) => m.labels],
  ['boot.os', (m) => m.boot.os],
  ['boot.kernel', (m) => m.boot.kernel.slice(0, 12)],
  ['boot.initrd', (m) => m.boot.initrd.slice(0, 12)],
  ['boot.arguments', (m) => m.boot.arguments.join(' ')],
];

/** Every difference between a machine then and now. Empty when the two are the same. */
export function diffMachine(before: Blueprint, after: Blueprint, serial: string): readonly FieldChange[] {
  const old = before.machines.get(serial);
  const now = after.machines.get(serial);
  if (!old || !now) return [];
  const changes: FieldChange[] = [];
  for (const [field, value] of fields) {
    const from = show(value(old));
    const to = show(value(now));
    if (from !== to) changes.push({ field, from, to });
  }
  if (old.boot.ignition !== now.boot.ignition) {
    const oldSource = before.ignition.get(old.role);
    const newSource = after.ignition.get(now.role);
    const entries = oldSource && newSource ? diffIgnition(oldSource, newSource) : [];
    if (entries.length > 0) changes.push(...entries);
    else
      changes.push({
        field: 'boot.ignition',
        from: old.boot.ignition.slice(0, 12),
        to: now.boot.ignition.slice(0, 12),
      });
  }
  return changes;
}

const sourceDiffs = new WeakMap<IgnitionSource, WeakMap<IgnitionSource, readonly FieldChange[]>>();

/** Files, units and users that differ between two sources. Remembered: many machines share a pair of sources. */
function diffIgnition(before: IgnitionSource, after: IgnitionSource): readonly FieldChange[] {
  const known = sourceDiffs.get(before)?.get(after);
  if (known) return known;
  const old = entriesOf(before);
  const now = entriesOf(after);
  const changes: FieldChange[] = [];
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const from = old.get(name);
    const to = now.get(name);
    if (from === to) continue;
    const state = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    changes.push({ field: `ignition:${name}`, from: from === undefined ? null : 'there', to: state });
  }
  for (const name of [...new Set([...Object.keys(before.variables), ...Object.keys(after.variables)])].sort()) {
    const from = show(before.variables[name]);
    const to = show(after.variables[name]);
    if (from !== to) changes.push({ field: `variables.${name}`, from, to });
  }
  const inner = sourceDiffs.get(before) ?? new WeakMap<IgnitionSource, readonly FieldChange[]>();
  inner.set(after, changes);
  sourceDiffs.set(before, inner);
  return changes;
}

/** Each file, folder, link, unit, user and group of a source by its path or name. */
function entriesOf(source: IgnitionSource): Map<string, string> {
  const entries = new Map<string, string>();
  for (const section of Object.values(source.config)) {
    for (const list of Object.values(section as Record<string, unknown>)) {
      for (const entry of list as readonly { path?: string; name?: string }[]) {
        entries.set(entry.path ?? entry.name ?? '', canonicalJson(entry));
      }
    }
  }
  return entries;
}

function show(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : canonicalJson(value);
}
