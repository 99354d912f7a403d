// What differs between two blueprints for one machine, said field by field.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import { changeOf, diffRecords, type FieldChange, isSameList } from './field-change.ts';
import { diffIgnition } from './ignition.ts';

/** Compared in this order, so that a cause stands before what follows from it. */
const ownFields: readonly (readonly [string, (machine: MachineObject) => unknown])[] = [
  ['role', (m) => m.role],
  ['rack', (m) => m.rack],
  ['slot', (m) => m.slot],
  ['name', (m) => m.name],
  ['product', (m) => m.product],
  ['retire', (m) => m.retire?.reason],
  ['macs', (m) => m.macs],
  ['node', (m) => m.node],
  ['links', (m) => m.links.map(({ address }) => address)],
  ['gateways', (m) => m.links.map(({ gateway, prefixLength }) => `${gateway}/${prefixLength}`)],
  ['tors', (m) => m.links.map(({ tor }) => tor)],
  ['bmc', (m) => m.bmc.address],
  ['bmc.gateway', (m) => `${m.bmc.gateway}/${m.bmc.prefixLength}`],
  ['bmc.type', (m) => m.bmc.type],
];

const bootFields: typeof ownFields = [
  ['boot.os', (m) => m.boot.os],
  ['boot.kernel', (m) => m.boot.kernel.slice(0, 12)],
  ['boot.initrd', (m) => m.boot.initrd.slice(0, 12)],
];

/**
 * Every difference between a machine then and now; empty when the two are the same. A field is a path into the machine
 * object. What of its Ignition differs is named `ignition:<path or unit>`, or by the variable that a template reads:
 * `variables.…` of the role, `site.…`, `rack.…`.
 */
export function diffMachine(before: Blueprint, after: Blueprint, serial: string): readonly FieldChange[] {
  const old = before.machines.get(serial);
  const now = after.machines.get(serial);
  if (!old || !now) return [];
  const changes: FieldChange[] = [];
  for (const [field, value] of ownFields) changes.push(...changeOf(field, value(old), value(now)));
  changes.push(...diffRecords('labels', old.labels, now.labels), ...changeOf('taints', old.taints, now.taints));
  for (const [field, value] of bootFields) changes.push(...changeOf(field, value(old), value(now)));
  changes.push(
    ...diffArguments(old.boot.arguments, now.boot.arguments),
    ...diffIgnition({ blueprint: before, machine: old }, { blueprint: after, machine: now }),
  );
  return changes;
}

/** Whether a field of {@link diffMachine} is of what a machine boots, and so needs a restart to take effect. */
export function isBooted(field: string): boolean {
  return /^(boot\.|ignition:|variables\.|site\.|rack\.|bootServers)/.test(field);
}

/** Only the arguments that come or go; all of them where just their order changes. */
function diffArguments(old: readonly string[], now: readonly string[]): readonly FieldChange[] {
  if (isSameList(old, now)) return [];
  const some = (list: readonly string[]): string | undefined => (list.length > 0 ? list.join(' ') : undefined);
  const gone = some(old.filter((argument) => !now.includes(argument)));
  const added = some(now.filter((argument) => !old.includes(argument)));
  if (gone === undefined && added === undefined) return changeOf('boot.arguments', old.join(' '), now.join(' '));
  return changeOf('boot.arguments', gone, added);
}
