// Keys that are not to be believed any more, wherever that is said.
import type { Revocation, TrustedKey } from './trust-set.ts';

/**
 * What a trust document says about what was signed already. An entry that is revoked without a time says nothing about
 * what came before that statement.
 */
export function reachingBack(keys: Iterable<TrustedKey>): Revocation[] {
  return [...keys].flatMap(({ fingerprint, revoked }) =>
    revoked === null || revoked.fromSeconds === null ? [] : [{ fingerprint, ...revoked }],
  );
}

export class Revocations {
  readonly #byKey = new Map<string, Revocation>();

  constructor(revocations: readonly Revocation[]) {
    for (const revocation of revocations) this.#add(revocation);
  }

  /**
   * Take over what a trust document says.
   * @returns whether anything in it is new
   */
  addFrom(keys: Iterable<TrustedKey>): boolean {
    let isNews = false;
    for (const revocation of reachingBack(keys)) if (this.#add(revocation)) isNews = true;
    return isNews;
  }

  /** Why a signature of that time is not believed. @param seconds since 1970 */
  of(fingerprint: string, seconds: number): Revocation | null {
    const revocation = this.#byKey.get(fingerprint);
    if (!revocation) return null;
    return seconds >= (revocation.fromSeconds ?? 0) ? revocation : null;
  }

  /** The one that reaches further back counts. @returns whether that is this one */
  #add(revocation: Revocation): boolean {
    const known = this.#byKey.get(revocation.fingerprint);
    if (known && (revocation.fromSeconds ?? 0) >= (known.fromSeconds ?? 0)) return false;
    this.#byKey.set(revocation.fingerprint, revocation);
    return true;
  }
}
