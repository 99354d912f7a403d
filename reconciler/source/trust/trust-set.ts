// Whom a commit trusts: what its documents in trust/ come to, as the authentication of history asks it.
import type { OpenPgpKey } from './openpgp.ts';

/** A key of somebody who may sign. */
export interface TrustedKey {
  /** Who it is. Several keys may be of one person. */
  readonly name: string;
  /** SSH: `SHA256:…`. OpenPGP: the primary key's, in upper-case hex. */
  readonly fingerprint: string;
  /** Seconds since 1970. The key counts from here on; null: ever since. */
  readonly validAfterSeconds: number | null;
  /** The key counts before this; null: for good. */
  readonly validBeforeSeconds: number | null;
  readonly revoked: { readonly reason: string; readonly fromSeconds: number | null } | null;
}

/** A key with which the Git host signs merges. */
export interface HostKey {
  readonly name: string;
  readonly fingerprint: string;
  mayBring(path: string): boolean;
}

/** So many signers, of this group or else of all who may change the path. */
export interface Demand {
  readonly signatures: number;
  readonly group: string | null;
}

export interface TrustSet {
  readonly keys: ReadonlyMap<string, TrustedKey>;
  readonly hostKeys: ReadonlyMap<string, HostKey>;
  /** What OpenPGP signatures are checked with: those do not carry their keys. */
  readonly openPgpKeys: readonly OpenPgpKey[];
  /** Everyone who may change a path. */
  whoMayChange(path: string): ReadonlySet<string>;
  /** What the thresholds ask for; empty where one signature is enough. */
  demandsOn(path: string): readonly Demand[];
  membersOf(group: string): ReadonlySet<string>;
}

/** The list of a boot server, or of a trust document, of keys that are not to be believed any more. */
export interface Revocation {
  readonly fingerprint: string;
  /** Seconds since 1970: what was signed since then is disbelieved; null: all of it. */
  readonly fromSeconds: number | null;
  readonly reason: string;
}

/** How far the clocks of those who sign may be wrong. */
export const clockErrorSeconds = 24 * 3600;

/** Why a key does not count for what was made at a time (seconds since 1970); null when it does. */
export function validityFault(
  { validAfterSeconds, validBeforeSeconds, revoked }: TrustedKey,
  seconds: number,
): { readonly code: 'key-not-yet-valid' | 'key-expired' | 'key-revoked'; readonly message: string } | null {
  if (revoked) return { code: 'key-revoked', message: `is revoked: ${revoked.reason}` };
  if (validAfterSeconds !== null && seconds < validAfterSeconds) {
    return { code: 'key-not-yet-valid', message: `is valid only after ${instant(validAfterSeconds)}` };
  }
  if (validBeforeSeconds !== null && seconds >= validBeforeSeconds) {
    return { code: 'key-expired', message: `was valid before ${instant(validBeforeSeconds)}` };
  }
  return null;
}

/** The last second that a calendar of ECMAScript has. */
const lastSecond = 8.64e12;

/** A time as it is shown to people, whatever somebody wrote. @param seconds since 1970 */
export function instant(seconds: number): string {
  if (seconds > lastSecond) return `${seconds} seconds after 1970`;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
