// The files in trust/ → whom they trust. Reads them as the rules do (schema/trust/), and the OpenPGP keys besides, which
// rules do not open.

import { formatDiagnostic } from '../../../schema/diagnostic.ts';
import { decodeText, parseDocument } from '../../../schema/document.ts';
import {
  type OpenPgpFile,
  personsFor,
  readTrust,
  signersPath,
  type Trust,
  type TrustedMergeKey,
  thresholdsFor,
} from '../../../schema/trust/trusted-keys.ts';
import type { SignersDocument } from '../../../schema/types/signers.ts';
import { validateDocument } from '../../../schema/validate.ts';
import { type OpenPgpKey, OpenPgpKeyError, readOpenPgpKey } from './openpgp.ts';
import type { HostKey, TrustedKey, TrustSet } from './trust-set.ts';

/** The trust documents say nothing that can be relied on. */
export class SignersError extends Error {
  readonly code = 'trust-unreadable';
  override readonly name = 'SignersError';
}

/**
 * Read the trust documents.
 * @param files of trust/, by their paths from the top of the site repo
 * @throws {SignersError} with the place of the first thing that is wrong
 */
export async function readTrustSet(files: ReadonlyMap<string, Uint8Array>): Promise<TrustSet> {
  const { trust } = readTrustDocuments(files);
  const keys = new Map<string, TrustedKey>();
  const hostKeys = new Map<string, HostKey>();
  const openPgpKeys: OpenPgpKey[] = [];
  for (const [fingerprint, key] of trust.sshKeys) keys.set(fingerprint, trustedKey(key, fingerprint));
  for (const [fingerprint, key] of trust.sshMergeKeys) hostKeys.set(fingerprint, { ...hostKey(key), fingerprint });
  const open = async (file: OpenPgpFile): Promise<string> => {
    const key = await openPgpKey(file);
    const { fingerprint } = key;
    if (keys.has(fingerprint) || hostKeys.has(fingerprint)) {
      throw new SignersError(`${file.path}: the key ${fingerprint} stands in another entry of ${signersPath} already`);
    }
    openPgpKeys.push(key);
    return fingerprint;
  };
  for (const key of trust.openPgpKeys) {
    const fingerprint = await open(key);
    keys.set(fingerprint, trustedKey(key, fingerprint));
  }
  for (const key of trust.openPgpMergeKeys) {
    const fingerprint = await open(key);
    hostKeys.set(fingerprint, { ...hostKey(key), fingerprint });
  }
  return { keys, hostKeys, openPgpKeys, ...permissions(trust) };
}

/** The trust document as it stands there, and what it comes to. @throws {SignersError} */
export function readTrustDocuments(files: ReadonlyMap<string, Uint8Array>): {
  readonly document: SignersDocument;
  readonly trust: Trust;
} {
  const bytes = files.get(signersPath);
  if (!bytes) throw new SignersError(`there is no ${signersPath}`);
  const parsed = parseDocument(signersPath, bytes);
  const result = parsed.document === null ? parsed : validateDocument('signers', parsed.document);
  const [problem] = result.diagnostics;
  if (result.document === null) throw new SignersError(problem ? formatDiagnostic(problem) : `${signersPath} is empty`);
  const { document } = result;
  const { trust, faults } = readTrust(document.value, (path) => textOf(files, path));
  const [fault] = faults;
  if (!fault) return { document: document.value, trust };
  const { file, line, column } = fault.place ?? document.placeOf(...fault.path);
  throw new SignersError(`${file}:${line}:${column}: ${fault.message}`);
}

/** Text of a file of trust/; null where it is not there, or is no text. */
function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string | null {
  const bytes = files.get(path);
  if (!bytes) return null;
  const decoded = decodeText(path, bytes);
  return 'text' in decoded ? decoded.text : null;
}

async function openPgpKey({ path, armored }: Pick<OpenPgpFile, 'path' | 'armored'>): Promise<OpenPgpKey> {
  try {
    return await readOpenPgpKey(armored);
  } catch (error) {
    if (error instanceof OpenPgpKeyError) throw new SignersError(`${path}: ${error.message}`);
    throw error;
  }
}

type KeyInDocument = Omit<TrustedKey, 'fingerprint'>;

function trustedKey(
  { name, validAfterSeconds, validBeforeSeconds, revoked }: KeyInDocument,
  fingerprint: string,
): TrustedKey {
  return { name, fingerprint, validAfterSeconds, validBeforeSeconds, revoked };
}

function hostKey({ name, patterns }: TrustedMergeKey): Omit<HostKey, 'fingerprint'> {
  return { name, mayBring: (path: string) => patterns.some((pattern) => pattern.covers(path)) };
}

function permissions(trust: Trust): Pick<TrustSet, 'whoMayChange' | 'demandsOn' | 'membersOf'> {
  const everyone = [...trust.persons.values()];
  const groups = new Map<string, Set<string>>();
  return {
    whoMayChange: (path) => new Set([...personsFor(trust, path)].map(({ name }) => name)),
    demandsOn: (path) => thresholdsFor(trust, path),
    membersOf(group) {
      const known = groups.get(group);
      if (known) return known;
      const members = new Set(everyone.filter((person) => person.groups.has(group)).map(({ name }) => name));
      groups.set(group, members);
      return members;
    },
  };
}
