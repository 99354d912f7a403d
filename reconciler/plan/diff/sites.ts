// What differs between two sites, in the terms of their documents: no plan, nothing observed. Pure.
import { canonicalJson, sha256 } from '../../../schema/canonical.ts';
import type { Place } from '../../../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../../../schema/document.ts';
import type { Site } from '../../../schema/load.ts';
import { isSecretFile } from '../../../schema/secret-files.ts';
import { shortDigest } from '../../secrets/secret.ts';
import type { CompiledSite } from '../../source/accept.ts';
import type { Reason } from '../action.ts';
import { placed } from '../machine-action.ts';
import { type Origin, originsOf } from '../origin.ts';
import { diffDocument, type Version } from './document.ts';
import { diffMachine } from './machine.ts';
import { diffObjects, type ObjectDiff } from './objects.ts';

export interface DeclaredMachine {
  readonly serial: string;
  readonly name: string;
  readonly rack: string;
  readonly role: string;
  readonly place: Place | null;
}

export interface ChangedMachine {
  readonly serial: string;
  readonly name: string;
  /** Whatever says otherwise what it is or boots: its own lines, its role's, the site's. */
  readonly reasons: readonly Reason[];
}

export interface FileChange {
  /** Path in the site repo. */
  readonly file: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Digests of a sealed file, for nothing else of it is shown; null where there is none. */
  readonly sealed?: { readonly from: string | null; readonly to: string | null };
}

export interface SiteDifference {
  readonly machines: {
    readonly added: readonly DeclaredMachine[];
    readonly removed: readonly DeclaredMachine[];
    readonly changed: readonly ChangedMachine[];
  };
  /** Values of site.yaml. */
  readonly site: readonly Reason[];
  /** Values of racks, but for their machines; each begins with the name of its rack. */
  readonly racks: readonly Reason[];
  readonly roles: readonly Reason[];
  readonly releases: readonly Reason[];
  readonly cluster: readonly Reason[];
  /** Kubernetes objects. */
  readonly kubernetes: readonly ObjectDiff[];
  readonly trust: readonly Reason[];
  /** Files of ignition/ and secrets/. */
  readonly files: readonly FileChange[];
}

/** A site, and how its places are said. */
export interface SiteVersion {
  readonly compiled: CompiledSite;
  readonly placeIn: (place: Place) => Place;
}

export function diffSites(before: SiteVersion, after: SiteVersion): SiteDifference {
  const [old, now] = [before.compiled.site, after.compiled.site];
  const documents = (prefix: string, pick: (site: Site) => SiteDocumentFile<unknown> | null | undefined) =>
    diffDocument(prefix, version(before, pick(old)), version(after, pick(now)));
  return {
    machines: diffMachines(before, after),
    site: documents('', ({ site }) => site),
    racks: namesOf(old.racks, now.racks).flatMap((name) =>
      diffDocument(name, version(before, old.racks.get(name)), version(after, now.racks.get(name)), ['machines']),
    ),
    roles: namesOf(old.roles, now.roles).flatMap((name) => documents(name, ({ roles }) => roles.get(name))),
    releases: documents('', ({ releases }) => releases),
    cluster: documents('', ({ cluster }) => cluster),
    kubernetes: diffObjects(before.compiled.blueprint, after.compiled.blueprint),
    trust: [...documents('', ({ signers }) => signers), ...documents('', ({ recipients }) => recipients)],
    files: diffFiles(contentsOf(old), contentsOf(now)),
  };
}

/** Whether anything differs at all. */
export function isSame({ machines, ...others }: SiteDifference): boolean {
  return [...Object.values(machines), ...Object.values(others)].every((list) => list.length === 0);
}

function version({ placeIn }: SiteVersion, document: SiteDocumentFile<unknown> | null | undefined): Version {
  return { document: document ?? undefined, placeIn };
}

function namesOf(old: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>): readonly string[] {
  return [...new Set([...now.keys(), ...old.keys()])].sort();
}

function diffMachines(before: SiteVersion, after: SiteVersion): SiteDifference['machines'] {
  const [old, now] = [before.compiled.blueprint, after.compiled.blueprint];
  const originIn = (one: SiteVersion): Origin => {
    const origin = originsOf(one.compiled.site);
    return (serial, field) => {
      const place = origin(serial, field);
      return place && one.placeIn(place);
    };
  };
  const onlyIn = (one: SiteVersion, other: SiteVersion): readonly DeclaredMachine[] => {
    const origin = originIn(one);
    const machines = [...one.compiled.blueprint.machines.values()];
    return machines
      .filter(({ serial }) => !other.compiled.blueprint.machines.has(serial))
      .map(({ serial, name, rack, role }) => ({ serial, name, rack, role, place: origin(serial, 'machine') }));
  };
  const origin = originIn(after);
  const changed = [...now.machines.values()].flatMap(({ serial, name }) => {
    const changes = diffMachine(old, now, serial);
    if (changes.length === 0) return [];
    return [{ serial, name, reasons: placed(changes, serial, origin) }];
  });
  return { added: onlyIn(after, before), removed: onlyIn(before, after), changed };
}

/** What tells whether a file changed. Words in an ignition.yaml that mean nothing do not. */
function contentsOf({ ignition, files }: Site): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  for (const [path, { bytes, executable }] of files) {
    if (isSecretFile(path)) contents.set(path, shortDigest(sha256(bytes)));
    else if (/^(ignition|secrets)\//.test(path))
      contents.set(path, `${executable} ${Buffer.from(bytes).toString('latin1')}`);
  }
  for (const [name, { document }] of ignition) {
    contents.set(`ignition/${name}/ignition.yaml`, canonicalJson(document.value));
  }
  return contents;
}

function diffFiles(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): readonly FileChange[] {
  return namesOf(old, now).flatMap((file) => {
    if (old.get(file) === now.get(file)) return [];
    const change = !old.has(file) ? 'added' : now.has(file) ? 'changed' : 'removed';
    if (!isSecretFile(file)) return [{ file, change }];
    return [{ file, change, sealed: { from: old.get(file) ?? null, to: now.get(file) ?? null } }];
  });
}
