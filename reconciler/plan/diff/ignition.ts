// What differs in the Ignition of one machine: files and units whose text changed, and variables that they read.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { type IgnitionScope, ignitionScope } from '../../../renderers/ignition.ts';
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
          ...diffVariables(before.machine, oldSource, after.machine, newSource),
          ...diffScopes(before, oldSource, after, newSource),
        ]
      : [];
  return changes.length > 0 ? changes : changeOf('boot.ignition', old.ignition.slice(0, 12), now.ignition.slice(0, 12));
}

/** Files, units and users that differ. Remembered: many machines share a pair of sources. */
const diffSources = rememberPairs((before: IgnitionSource, after: IgnitionSource): readonly FieldChange[] => {
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
  return changes;
});

/** What templates can name as variables: those of a role, and before them a machine's own, which few have. */
function diffVariables(
  old: MachineObject,
  oldSource: IgnitionSource,
  now: MachineObject,
  newSource: IgnitionSource,
): readonly FieldChange[] {
  if (old.variables === undefined && now.variables === undefined) return diffRoleVariables(oldSource, newSource);
  const from = { ...oldSource.variables, ...old.variables };
  return diffRecords('variables', from, { ...newSource.variables, ...now.variables });
}

const diffRoleVariables = rememberPairs((before: IgnitionSource, after: IgnitionSource) =>
  diffRecords('variables', before.variables, after.variables),
);

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
  return scopesDiffer(oldSource, newSource)(scopeOf(before, oldSource), scopeOf(after, newSource));
}

/** For a pair of sources, what differs between the scopes of two racks. */
const scopesDiffer = rememberPairs((before: IgnitionSource, after: IgnitionSource) => {
  const names = [...new Set([...sharedNames(before), ...sharedNames(after)])].sort();
  return rememberPairs((old: Scope, now: Scope): readonly FieldChange[] =>
    names.flatMap((name) => changeOf(name, lookUp(old, name), lookUp(now, name))),
  );
});

/** What templates can name and the machines of a rack have in common. */
type Scope = { readonly [name: string]: TemplateValue | undefined };

const noScope: Scope = {};
const scopesOfRacks = new WeakMap<Blueprint, Map<string, Scope>>();

function scopeOf({ blueprint, machine }: Booted, source: IgnitionSource): Scope {
  const ofRacks = scopesOfRacks.get(blueprint) ?? new Map<string, Scope>();
  scopesOfRacks.set(blueprint, ofRacks);
  const known = ofRacks.get(machine.rack);
  if (known) return known;
  const rack = blueprint.racks.get(machine.rack);
  const scope = rack ? sharedScope(ignitionScope(blueprint.site, rack, machine, source)) : noScope;
  ofRacks.set(machine.rack, scope);
  return scope;
}

function sharedScope({ site, rack, bootServers }: IgnitionScope): Scope {
  return { site, rack, bootServers };
}

function lookUp(scope: Scope, name: string): unknown {
  let value: unknown = scope;
  for (const step of name.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  return value;
}

/** Variables that the templates of a source read and that belong to more than one machine. */
function sharedNames(source: IgnitionSource): readonly string[] {
  const names = new Set<string>();
  for (const [, name = ''] of canonicalJson(source.config).matchAll(/\{\{\s*(?:each\s+)?([\w.-]+)\s*\}\}/g)) {
    if (/^(site|rack|bootServers)\b/.test(name)) names.add(name);
  }
  return [...names];
}

/** Two sources, or two racks, are those of many machines: what is made of a pair is made once. */
function rememberPairs<K extends object, T>(make: (before: K, after: K) => T): (before: K, after: K) => T {
  const known = new WeakMap<K, WeakMap<K, T>>();
  return (before, after) => {
    const ofBefore = known.get(before) ?? new WeakMap<K, T>();
    known.set(before, ofBefore);
    const made = ofBefore.get(after) ?? make(before, after);
    ofBefore.set(after, made);
    return made;
  };
}
