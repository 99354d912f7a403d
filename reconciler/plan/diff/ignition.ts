// What differs in the Ignition of one machine: files and units whose text changed, and variables that they read.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { ignitionScope } from '../../../renderers/ignition.ts';
import type { TemplateValue } from '../../../renderers/template.ts';
import { canonicalJson } from '../../../schema/canonical.ts';
import type { IgnitionSource } from '../../../schema/types/ignition-object.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import { changeOf, diffRecords, type FieldChange } from './field-change.ts';

/** A machine in the blueprint that says what it boots. */
interface Booted {
  readonly blueprint: Blueprint;
  readonly machine: MachineObject;
}

export function diffIgnition(before: Booted, after: Booted): readonly FieldChange[] {
  const old = before.machine.boot;
  const now = after.machine.boot;
  const oldSource = before.blueprint.ignition.get(before.machine.role);
  const newSource = after.blueprint.ignition.get(after.machine.role);
  if (old.ignition === now.ignition) {
    // Written otherwise, and it comes to the same for this machine.
    return changeOf('boot.ignitionSource', old.ignitionSource.slice(0, 12), now.ignitionSource.slice(0, 12));
  }
  const changes =
    oldSource && newSource
      ? [
          ...diffSources(oldSource, newSource),
          ...diffRecords('variables', variablesOf(before, oldSource), variablesOf(after, newSource)),
          ...diffScopes(before, oldSource, after, newSource),
        ]
      : [];
  return changes.length > 0 ? changes : changeOf('boot.ignition', old.ignition.slice(0, 12), now.ignition.slice(0, 12));
}

const sourceDiffs = new WeakMap<IgnitionSource, WeakMap<IgnitionSource, readonly FieldChange[]>>();

/** Files, units and users that differ. Remembered: many machines share a pair of sources. */
function diffSources(before: IgnitionSource, after: IgnitionSource): readonly FieldChange[] {
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
  const inner = sourceDiffs.get(before) ?? new WeakMap<IgnitionSource, readonly FieldChange[]>();
  inner.set(after, changes);
  sourceDiffs.set(before, inner);
  return changes;
}

/** What templates can name as variables. */
function variablesOf({ machine }: Booted, source: IgnitionSource): IgnitionSource['variables'] {
  return { ...source.variables, ...machine.variables };
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

/** Values of site and rack that templates read. Those of the machine and its role have been compared as its fields. */
function diffScopes(
  before: Booted,
  oldSource: IgnitionSource,
  after: Booted,
  newSource: IgnitionSource,
): readonly FieldChange[] {
  const old = scopeOf(before, oldSource);
  const now = scopeOf(after, newSource);
  const names = [...new Set([...sharedNames(oldSource), ...sharedNames(newSource)])].sort();
  return names.flatMap((name) => changeOf(name, lookUp(old, name), lookUp(now, name)));
}

function scopeOf({ blueprint, machine }: Booted, source: IgnitionSource): TemplateValue | undefined {
  const rack = blueprint.racks.get(machine.rack);
  return rack && ignitionScope(blueprint.site, rack, machine, source);
}

function lookUp(scope: TemplateValue | undefined, name: string): unknown {
  let value: unknown = scope;
  for (const step of name.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  return value;
}

const namesOfSources = new WeakMap<IgnitionSource, readonly string[]>();

/** Variables that the templates of a source read and that belong to more than one machine. */
function sharedNames(source: IgnitionSource): readonly string[] {
  const known = namesOfSources.get(source);
  if (known) return known;
  const names = new Set<string>();
  for (const [, name = ''] of canonicalJson(source.config).matchAll(/\{\{\s*(?:each\s+)?([\w.-]+)\s*\}\}/g)) {
    if (/^(site|rack|bootServers)\b/.test(name)) names.add(name);
  }
  namesOfSources.set(source, [...names]);
  return [...names];
}
