// Reads the trust document part by part: signers, lists of signers, groups, thresholds, merge keys.
import type { ValuePath } from '../document.ts';
import { suggest } from '../suggest.ts';
import { type PathPattern, pathPattern, patternFault } from '../trust-paths.ts';
import type { Group, MergeKey, Signer, SignersDocument } from '../types/signers.ts';
import { type ListedSigner, matchesPatternList, parseAllowedSigners } from './allowed-signers.ts';
import { FaultList } from './fault-list.ts';
import { KeyRing } from './key-ring.ts';
import type {
  OpenPgpFile,
  Person,
  TrustedKey,
  TrustedMergeKey,
  TrustedSshKey,
  TrustResult,
  TrustThreshold,
} from './trusted-keys.ts';

interface OpenPerson extends Person {
  readonly patterns: PathPattern[];
  readonly groups: Set<string>;
  canSign: boolean;
}

export class TrustReader {
  private readonly faults = new FaultList();
  private readonly ring: KeyRing;
  private readonly persons = new Map<string, OpenPerson>();
  /** The file in which somebody is listed, by name. */
  private readonly lists = new Map<string, string>();
  private readonly groupNames = new Set<string>();
  private readonly sshKeys = new Map<string, TrustedSshKey>();
  private readonly openPgpKeys: (TrustedKey & OpenPgpFile)[] = [];
  private readonly sshMergeKeys = new Map<string, TrustedMergeKey>();
  private readonly openPgpMergeKeys: (TrustedMergeKey & OpenPgpFile)[] = [];

  constructor(
    private readonly document: SignersDocument,
    read: (path: string) => string | null,
  ) {
    this.ring = new KeyRing(this.faults, read);
  }

  result(): TrustResult {
    const { signers, groups = [], mergeKeys = [] } = this.document;
    for (const [index, signer] of signers.entries()) this.signer(signer, ['signers', index]);
    // The lists first: who stands in one cannot be a member of another group, see below.
    const listed = groups.map((group, index) => this.listed(group, ['groups', index, 'allowedSigners']));
    for (const [index, group] of groups.entries()) this.group(group, listed[index] ?? [], ['groups', index]);
    const thresholds = this.thresholds();
    for (const [index, key] of mergeKeys.entries()) this.mergeKey(key, ['mergeKeys', index]);
    const { persons, sshKeys, openPgpKeys, sshMergeKeys, openPgpMergeKeys } = this;
    const trust = { persons, sshKeys, openPgpKeys, sshMergeKeys, openPgpMergeKeys, thresholds };
    return { trust, faults: this.faults.faults };
  }

  private signer(signer: Signer, path: ValuePath): void {
    const person = this.person(signer.name);
    // What a revoked key could change is read all the same: it must be in order, but nobody has it any more.
    const patterns = this.patterns(signer.paths ?? [], signer.name, [...path, 'paths']);
    if (!signer.revoked) {
      for (const pattern of patterns) person.patterns.push(pattern);
      person.canSign = true;
    }
    const trusted = this.validity(signer, path);
    const key = this.ring.keyOf(signer, path, false);
    if (key?.file) this.openPgpKeys.push({ ...trusted, ...key.file });
    else if (key) this.sshKeys.set(key.fingerprint, { ...trusted, key: signer.key ?? '' });
  }

  private mergeKey(mergeKey: MergeKey, path: ValuePath): void {
    const { name } = mergeKey;
    const patterns = this.patterns(mergeKey.paths, name, [...path, 'paths']);
    const key = this.ring.keyOf(mergeKey, path, true);
    if (key?.file) this.openPgpMergeKeys.push({ name, patterns, ...key.file });
    else if (key) this.sshMergeKeys.set(key.fingerprint, { name, patterns });
  }

  private person(name: string): OpenPerson {
    const person = this.persons.get(name) ?? { name, patterns: [], groups: new Set(), canSign: false };
    this.persons.set(name, person);
    return person;
  }

  private validity(signer: Signer, path: ValuePath): TrustedKey {
    const { name, revoked } = signer;
    const validAfterSeconds = this.seconds(signer.validAfter, [...path, 'validAfter']);
    const validBeforeSeconds = this.seconds(signer.validBefore, [...path, 'validBefore']);
    if (validAfterSeconds !== null && validBeforeSeconds !== null && validAfterSeconds >= validBeforeSeconds) {
      const message = `the key of ${name} counts at no time: it ends before it begins`;
      const hint = `set validBefore after ${signer.validAfter}; for a key that counts no more there is revoked`;
      this.faults.add('bad-time', { path: [...path, 'validBefore'] }, message, hint);
    }
    const fromSeconds = this.seconds(revoked?.from, [...path, 'revoked', 'from']);
    const revocation = revoked ? { reason: revoked.reason, fromSeconds } : null;
    return { name, validAfterSeconds, validBeforeSeconds, revoked: revocation };
  }

  private seconds(instant: string | undefined, path: ValuePath): number | null {
    if (instant === undefined) return null;
    const milliseconds = Date.parse(instant);
    if (!Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === instant.replace('Z', '.000Z')) {
      return milliseconds / 1000;
    }
    const hint = 'correct it: 2026-01-31T12:30:00Z, in UTC';
    this.faults.add('bad-time', { path }, `there is no such time as ${instant}`, hint);
    return null;
  }

  private patterns(texts: readonly string[], who: string, path: ValuePath): PathPattern[] {
    return texts.flatMap((text, index) => {
      const fault = patternFault(text);
      if (fault === null) return pathPattern(text);
      const hint = 'write racks/r0.yaml, racks/r1*.yaml, racks/ or **';
      this.faults.add('bad-pattern', { path: [...path, index] }, `${who} has the path ${text}: ${fault}`, hint);
      return [];
    });
  }

  /** Names of those whom the file of a group lists; their keys are entered. */
  private listed({ allowedSigners: file }: Group, path: ValuePath): readonly string[] {
    if (file === undefined) return [];
    const text = this.ring.text(file, path, "enter a line for each member: a name and the key's type and base64");
    if (text === null) return [];
    const { signers, faults } = parseAllowedSigners(text);
    for (const { line, column, message } of faults) {
      const hint = 'see ssh-keygen(1), ALLOWED SIGNERS, and keep to what means the same to everyone';
      this.faults.add('unusable-file', { path, place: { file, line, column } }, message, hint);
    }
    return signers.flatMap((signer) => (this.listedSigner(signer, file, path) ? (signer.principals[0] ?? []) : []));
  }

  private listedSigner(signer: ListedSigner, file: string, path: ValuePath): boolean {
    const { principals, namespaces, fingerprint, line, column, keyColumn } = signer;
    const [name = ''] = principals;
    const where = { path, place: { file, line, column } };
    const list = this.lists.get(name);
    if (/[*?!]/.test(name)) {
      const message = `${name} names nobody, and the first principal is what the signer is called`;
      this.faults.add('unusable-file', where, message, 'put a name before it: ada@example.com');
      return false;
    }
    if (namespaces !== null && !matchesPatternList(namespaces, 'git')) {
      const message = `the key of ${name} signs no commits: its namespaces are ${namespaces.join(',')}`;
      this.faults.add('unusable-file', where, message, 'add git to its namespaces, or remove the line');
      return false;
    }
    // Else whoever may change this file could enter a key of their own as somebody who may do more.
    if (list !== file && this.persons.has(name)) {
      const other = list ?? 'trust/signers.yaml';
      const message = `${name} stands already in ${other}: whoever may change this file could sign as them`;
      const hint = 'call them something else here, or list all of their keys in one file';
      this.faults.add('taken-name', where, message, hint);
      return false;
    }
    const owner = { name, isMergeKey: false };
    if (!this.ring.claim(fingerprint, owner, { path, place: { file, line, column: keyColumn } })) return false;
    const { key, validAfterSeconds, validBeforeSeconds } = signer;
    this.sshKeys.set(fingerprint, { name, key, validAfterSeconds, validBeforeSeconds, revoked: null });
    this.lists.set(name, file);
    this.person(name).canSign = true;
    return true;
  }

  private group(
    { name, members = [], allowedSigners, paths = [] }: Group,
    listed: readonly string[],
    path: ValuePath,
  ): void {
    if (this.groupNames.has(name)) {
      const hint = 'give each group one entry with all of its members and paths';
      this.faults.add('doubled-group', { path: [...path, 'name'] }, `there is a group ${name} already`, hint);
    }
    this.groupNames.add(name);
    const patterns = this.patterns(paths, `the group ${name}`, [...path, 'paths']);
    for (const [index, member] of members.entries()) {
      const list = this.lists.get(member);
      if (list !== undefined && list !== allowedSigners) {
        const message = `whoever may change ${list} could enter a key of their own as ${member}, a member of ${name}`;
        const hint = 'give the member an entry under signers and take the line out of the list';
        this.faults.add('unknown-name', { path: [...path, 'members', index] }, message, hint);
      }
      if (this.persons.has(member)) continue;
      const message = `there is no signer ${member}, who is to be a member of ${name}`;
      const hint = hintFor(member, this.persons.keys(), 'write the name as it stands with the signer');
      this.faults.add('unknown-name', { path: [...path, 'members', index] }, message, hint);
    }
    for (const member of new Set([...members, ...listed])) {
      const person = this.persons.get(member);
      person?.groups.add(name);
      // One by one: too many arguments would be more than the stack holds.
      if (person?.canSign) for (const pattern of patterns) person.patterns.push(pattern);
    }
  }

  private thresholds(): TrustThreshold[] {
    return (this.document.thresholds ?? []).map(({ paths, signatures, group }, index) => {
      const path = ['thresholds', index];
      if (group !== undefined && !this.groupNames.has(group)) {
        const message = `there is no group ${group} whose signatures could be counted`;
        const hint = hintFor(group, this.groupNames, 'write the name as it stands under groups');
        this.faults.add('unknown-name', { path: [...path, 'group'] }, message, hint);
      }
      return { patterns: this.patterns(paths, 'a threshold', [...path, 'paths']), signatures, group: group ?? null };
    });
  }
}

function hintFor(name: string, names: Iterable<string>, otherwise: string): string {
  const meant = suggest(name, names);
  return meant === null ? otherwise : `did you mean ${meant}?`;
}
