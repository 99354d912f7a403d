// Whom a commit trusts, as plain data for people to look at.
import type { Person, Trust, TrustedKey } from '../../../schema/trust/trusted-keys.ts';
import type { SignersDocument } from '../../../schema/types/signers.ts';
import { type Oid, parseCommit } from '../../source/commit.ts';
import { folderAt, type GitObjects } from '../../source/objects.ts';
import { short } from '../../source/trust/refusal.ts';
import { readTrustDocuments, SignersError } from '../../source/trust/signers.ts';
import { filesBelow } from '../../source/trust/trust-reader.ts';
import { instant } from '../../source/trust/trust-set.ts';
import { CliError } from '../cli-error.ts';

export interface ShownKey {
  readonly fingerprint: string;
  readonly kind: 'ssh' | 'openpgp';
  readonly validAfter: string | null;
  readonly validBefore: string | null;
  readonly revoked: { readonly reason: string; readonly from: string | null } | null;
}

export interface ShownSigner {
  readonly name: string;
  readonly keys: readonly ShownKey[];
  /** What they may change, their groups' share included. */
  readonly paths: readonly string[];
  readonly groups: readonly string[];
}

export interface ShownTrust {
  readonly commit: Oid;
  readonly signers: readonly ShownSigner[];
  readonly groups: readonly {
    readonly name: string;
    readonly members: readonly string[];
    readonly paths: readonly string[];
  }[];
  readonly thresholds: readonly {
    readonly paths: readonly string[];
    readonly signatures: number;
    readonly group: string | null;
  }[];
  readonly mergeKeys: readonly {
    readonly name: string;
    readonly fingerprint: string;
    readonly kind: 'ssh' | 'openpgp';
    readonly paths: readonly string[];
  }[];
}

interface TrustDocuments {
  readonly document: SignersDocument;
  readonly trust: Trust;
}

/**
 * The trust documents of a commit.
 * @param site path of the site repo in its repository, empty when it is its top
 * @throws {CliError} when there are none, or they cannot be relied on
 */
export async function trustDocumentsAt(objects: GitObjects, commit: Oid, site: string): Promise<TrustDocuments> {
  const { tree } = parseCommit(await objects.commit(commit));
  const path = `${site}/trust`.replace(/^\//, '');
  const folder = await folderAt(objects, tree, path);
  if (folder === null) throw new CliError(`commit ${short(commit)} has no ${path}/signers.yaml`);
  try {
    return readTrustDocuments(await filesBelow(objects, folder));
  } catch (error) {
    if (error instanceof SignersError)
      throw new CliError(`at commit ${short(commit)}: ${error.message}`, { cause: error });
    throw error;
  }
}

export function shownTrust(commit: Oid, { document, trust }: TrustDocuments): ShownTrust {
  const { groups = [] } = document;
  return {
    commit,
    signers: [...trust.persons.values()].map((person) => shownSigner(person, trust)),
    groups: groups.map(({ name, paths = [] }) => ({
      name,
      members: [...trust.persons.values()].filter((person) => person.groups.has(name)).map((person) => person.name),
      paths,
    })),
    thresholds: trust.thresholds.map(({ patterns, signatures, group }) => ({
      paths: textsOf(patterns),
      signatures,
      group,
    })),
    mergeKeys: [
      ...[...trust.sshMergeKeys].map(([fingerprint, key]) => ({ ...key, fingerprint, kind: 'ssh' as const })),
      ...trust.openPgpMergeKeys.map((key) => ({ ...key, kind: 'openpgp' as const })),
    ].map(({ name, fingerprint, kind, patterns }) => ({ name, fingerprint, kind, paths: textsOf(patterns) })),
  };
}

function shownSigner({ name, patterns, groups }: Person, trust: Trust): ShownSigner {
  const ssh = [...trust.sshKeys].filter(([, key]) => key.name === name);
  const openPgp = trust.openPgpKeys.filter((key) => key.name === name);
  const keys = [
    ...ssh.map(([fingerprint, key]) => shownKey(fingerprint, 'ssh', key)),
    ...openPgp.map((key) => shownKey(key.fingerprint, 'openpgp', key)),
  ];
  return { name, keys, paths: textsOf(patterns), groups: [...groups] };
}

function shownKey(fingerprint: string, kind: ShownKey['kind'], key: TrustedKey): ShownKey {
  const { validAfterSeconds, validBeforeSeconds, revoked } = key;
  return {
    fingerprint,
    kind,
    validAfter: instantOrNull(validAfterSeconds),
    validBefore: instantOrNull(validBeforeSeconds),
    revoked: revoked && { reason: revoked.reason, from: instantOrNull(revoked.fromSeconds) },
  };
}

function textsOf(patterns: readonly { readonly text: string }[]): readonly string[] {
  return [...new Set(patterns.map(({ text }) => text))];
}

function instantOrNull(seconds: number | null): string | null {
  return seconds === null ? null : instant(seconds);
}
