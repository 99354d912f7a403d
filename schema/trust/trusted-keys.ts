// The trust document and the files that it names → whose keys count, for which paths, and how many it takes. Both the
// rules and the judgement of history read it here. Pure, and without a clock: whether a key counts at a moment is
// asked of what is returned.
import type { Place } from '../diagnostic.ts';
import type { ValuePath } from '../document.ts';
import type { PathPattern } from '../trust-paths.ts';
import type { SignersDocument } from '../types/signers.ts';
import { TrustReader } from './trust-reader.ts';

export const signersPath = 'trust/signers.yaml';

/** Somebody who may sign, with one key or several. */
export interface Person {
  readonly name: string;
  /** What they may change, by entries whose key is not revoked and by their groups; none when all keys are revoked. */
  readonly patterns: readonly PathPattern[];
  /** Names of their groups. */
  readonly groups: ReadonlySet<string>;
  /** Whether one of their keys is not revoked. */
  readonly canSign: boolean;
}

export interface Revocation {
  readonly reason: string;
  /** Unix time since which nothing is believed that the key has signed; null when what was accepted stays so. */
  readonly fromSeconds: number | null;
}

/** A key of a person, and when it counts: from `validAfterSeconds` on, and not from `validBeforeSeconds` on. */
export interface TrustedKey {
  /** Whose it is: a key of `persons`. */
  readonly name: string;
  /** Unix time. */
  readonly validAfterSeconds: number | null;
  /** Unix time. */
  readonly validBeforeSeconds: number | null;
  readonly revoked: Revocation | null;
}

export interface TrustedSshKey extends TrustedKey {
  /** Type and base64, as in a .pub file. */
  readonly key: string;
}

/** A key of the Git host: it counts for merges only. */
export interface TrustedMergeKey {
  readonly name: string;
  readonly patterns: readonly PathPattern[];
}

/** A key in a file of the site repo. */
export interface OpenPgpFile {
  /** `trust/keys/ada.asc` */
  readonly path: string;
  /** The file's text: an armored public key. Whether signatures can be checked with it is not known here. */
  readonly armored: string;
  /** Of the primary key, in upper-case hex. */
  readonly fingerprint: string;
}

export interface TrustThreshold {
  readonly patterns: readonly PathPattern[];
  /** Of so many different persons. */
  readonly signatures: number;
  /** The group whose members are counted, whatever they may change; null for all who may change a path. */
  readonly group: string | null;
}

export interface Trust {
  readonly persons: ReadonlyMap<string, Person>;
  /** Keys of persons by fingerprint, `SHA256:…`. */
  readonly sshKeys: ReadonlyMap<string, TrustedSshKey>;
  readonly openPgpKeys: readonly (TrustedKey & OpenPgpFile)[];
  /** By fingerprint, `SHA256:…`. */
  readonly sshMergeKeys: ReadonlyMap<string, TrustedMergeKey>;
  readonly openPgpMergeKeys: readonly (TrustedMergeKey & OpenPgpFile)[];
  readonly thresholds: readonly TrustThreshold[];
}

export type TrustFaultCode =
  | 'doubled-key'
  | 'doubled-group'
  | 'taken-name'
  | 'one-key'
  | 'unusable-key'
  | 'missing-file'
  | 'private-key'
  | 'unusable-file'
  | 'bad-pattern'
  | 'unknown-name'
  | 'bad-time'
  | 'merge-and-signer';

/** Why the trust document cannot be relied on. */
export interface TrustFault {
  readonly code: TrustFaultCode;
  /** The value in trust/signers.yaml that is at fault, or that names the file at fault. */
  readonly path: ValuePath;
  /** The character of that value; null for all of it. */
  readonly offset: number | null;
  /** In the file that the value names, where the fault is in there. */
  readonly place: Place | null;
  readonly message: string;
  readonly hint: string;
}

export interface TrustResult {
  /** What could be read: to be relied on only when there are no faults. */
  readonly trust: Trust;
  readonly faults: readonly TrustFault[];
}

/**
 * Read the trust document.
 * @param document of the shape that its schema asks for
 * @param read gives the text of a file of the same tree; null where it is not there, or is no text
 */
export function readTrust(document: SignersDocument, read: (path: string) => string | null): TrustResult {
  return new TrustReader(document, read).result();
}

/** The files that the document names, each once, for who has to fetch them first. */
export function filesOfTrust({ signers, groups = [], mergeKeys = [] }: SignersDocument): readonly string[] {
  const keys = [...signers, ...mergeKeys].map(({ openpgp }) => openpgp);
  const paths = [...keys, ...groups.map(({ allowedSigners }) => allowedSigners)];
  return [...new Set(paths.filter((path) => path !== undefined))];
}

/** Who may change a path, whatever thresholds ask for besides. */
export function* personsFor(trust: Trust, path: string): Generator<Person> {
  for (const person of trust.persons.values()) {
    if (person.patterns.some((pattern) => pattern.covers(path))) yield person;
  }
}

/** The thresholds that hold for a path. Where there are none, one signature is enough. */
export function thresholdsFor(trust: Trust, path: string): readonly TrustThreshold[] {
  return trust.thresholds.filter(({ patterns }) => patterns.some((pattern) => pattern.covers(path)));
}

/** Whose signatures a threshold counts at a path: those of its group, or else of all who may change the path. */
export function* countedFor(trust: Trust, { group }: TrustThreshold, path: string): Generator<Person> {
  if (group === null) yield* personsFor(trust, path);
  else for (const person of trust.persons.values()) if (person.canSign && person.groups.has(group)) yield person;
}
