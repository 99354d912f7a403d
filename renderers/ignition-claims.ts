// The paths and names that the entries of an Ignition config lay claim to. Where two claim the same, Ignition stops in
// the machine's initrd, where nobody sees why; so it is found here.
import { posix } from 'node:path';
import { type Diagnostic, formatPlace, type Place } from '../schema/diagnostic.ts';

interface Claim {
  /** Leads to the path or name in the config (RFC 6901). */
  readonly pointer: string;
  readonly name: string;
  /** What the entry is, in words. Paths have claims of one namespace; everything else has one for itself. */
  readonly kind: string;
  /** For paths: whether others may lie below. Null for what is no path. */
  readonly folder: boolean | null;
}

interface Unit {
  readonly name: string;
  readonly contents?: string;
  readonly mask?: boolean;
  readonly dropins?: readonly { readonly name: string }[];
}

interface User {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly sshAuthorizedKeys?: readonly string[];
}

/** Those members of an Ignition config that lay claim to something. */
interface ClaimingConfig {
  readonly storage?: { readonly [list: string]: readonly { readonly path: string }[] };
  readonly systemd?: { readonly units?: readonly Unit[] };
  readonly passwd?: { readonly users?: readonly User[]; readonly groups?: readonly { readonly name: string }[] };
}

/** Whether a path or name holds a template, so that what it claims can only be said of a rendered config. */
export function claimsByTemplate(config: object): boolean {
  for (const { name } of claimsOf(config)) if (isTemplate(name)) return true;
  return false;
}

/**
 * What keeps the entries of a config from standing side by side. Names that hold templates are passed over.
 * @param config an Ignition source's, or a rendered one
 * @param placeOf the place of a path or name by its pointer
 */
export function checkClaims(config: object, placeOf: (pointer: string) => Place): readonly Diagnostic[] {
  /** By pointer: a unit's name and its file are one thing to mend. */
  const findings = new Map<string, Diagnostic>();
  const find = (rule: string, { pointer }: Claim, message: string, hint: string): void => {
    if (findings.has(pointer)) return;
    findings.set(pointer, { rule, severity: 'error', place: placeOf(pointer), message, hint });
  };
  const taken = new Map<string, Claim>();
  const paths = new Map<string, Claim>();
  for (const claim of claimsOf(config)) {
    const { name, kind, folder } = claim;
    if (isTemplate(name)) continue;
    if (folder !== null && shortest(name) !== name) {
      find('BERTH-507', claim, `the shortest form of the path ${name} is ${shortest(name)}`, 'Ignition takes no other');
    }
    const key = folder === null ? `${kind} ${name}` : name;
    const other = taken.get(key);
    if (other) {
      const message = `${name} stands already at ${formatPlace(placeOf(other.pointer))}`;
      find('BERTH-504', claim, message, 'a role may say only once what a path, unit or user is');
    } else {
      taken.set(key, claim);
      if (folder !== null) paths.set(name, claim);
    }
  }
  for (const [path, claim] of paths) {
    const above = ancestors(path)
      .map((ancestor) => paths.get(ancestor))
      .find((other) => other?.folder === false);
    if (!above) continue;
    const message = `${path} lies below ${above.name}, which is ${above.kind} at ${formatPlace(placeOf(above.pointer))}`;
    find('BERTH-504', claim, message, 'only folders can have something below them');
  }
  return [...findings.values()];
}

function shortest(path: string): string {
  return posix.normalize(path).replace(/(.)\/$/, '$1');
}

function* claimsOf(config: object): Generator<Claim> {
  const { storage = {}, systemd = {}, passwd = {} } = config as ClaimingConfig;
  for (const [list, kind] of [
    ['directories', 'a folder'],
    ['files', 'a file'],
    ['links', 'a link'],
  ] as const) {
    for (const [index, { path }] of (storage[list] ?? []).entries()) {
      yield { pointer: `/storage/${list}/${index}/path`, name: path, kind, folder: list === 'directories' };
    }
  }
  for (const [index, unit] of (systemd.units ?? []).entries()) yield* unitClaims(`/systemd/units/${index}`, unit);
  for (const [index, user] of (passwd.users ?? []).entries()) yield* userClaims(`/passwd/users/${index}`, user);
  for (const [index, { name }] of (passwd.groups ?? []).entries()) {
    yield { pointer: `/passwd/groups/${index}/name`, name, kind: 'a group', folder: null };
  }
}

/** Ignition writes units and their drop-ins as files, too. */
function* unitClaims(entry: string, { name, contents, mask, dropins = [] }: Unit): Generator<Claim> {
  const pointer = `${entry}/name`;
  const folder = '/etc/systemd/system';
  yield { pointer, name, kind: 'a unit', folder: null };
  if (contents !== undefined || mask) yield { pointer, name: `${folder}/${name}`, kind: 'a unit', folder: false };
  for (const [index, dropin] of dropins.entries()) {
    const path = `${folder}/${name}.d/${dropin.name}`;
    yield { pointer: `${entry}/dropins/${index}/name`, name: path, kind: 'a drop-in', folder: false };
  }
}

function* userClaims(entry: string, { name, groups = [], sshAuthorizedKeys = [] }: User): Generator<Claim> {
  yield { pointer: `${entry}/name`, name, kind: 'a user', folder: null };
  for (const [index, group] of groups.entries()) {
    yield { pointer: `${entry}/groups/${index}`, name: group, kind: `a group of ${name}`, folder: null };
  }
  for (const [index, key] of sshAuthorizedKeys.entries()) {
    yield { pointer: `${entry}/sshAuthorizedKeys/${index}`, name: key, kind: `a key of ${name}`, folder: null };
  }
}

function isTemplate(name: string): boolean {
  return name.includes('{{');
}

/** `/a/b/c` → `/a/b`, `/a`. */
function ancestors(path: string): readonly string[] {
  const found: string[] = [];
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) found.push(path.slice(0, cut));
  return found;
}
