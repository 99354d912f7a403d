// By what a boot server judges heads: its introduction or what an administrator put in its place, the keys that it has
// been told not to believe, and what a head must follow on. Pure, but for reading the history.
import { canonicalJson } from '../../schema/canonical.ts';
import type { Oid } from '../source/commit.ts';
import type { Kinship } from '../source/kinship.ts';
import type { Introduction } from '../source/trust/authenticate.ts';
import type { Revocation } from '../source/trust/trust-set.ts';
import { TrustFolderError, type TrustMemory } from './trust-folder.ts';
import type { AcceptedRecord, AnchorRecord, RevokedRecord } from './trust-records.ts';

export interface TrustBasis {
  readonly introduction: Introduction;
  readonly revocations: readonly Revocation[];
  readonly accepted: AcceptedRecord | null;
  /** The commit that an administrator vouches for; null where the introduction is in force. */
  readonly anchor: AnchorRecord | null;
  readonly anchorCount: number;
  /** What had been accepted when an administrator chose another commit. */
  readonly superseded: ReadonlySet<Oid>;
}

/**
 * @param told the introduction that the server is started with, if it is
 * @throws {TrustFolderError} when there is no introduction, or another one than is remembered
 */
export function trustBasis(memory: TrustMemory, told: Introduction | null, siteId: string): TrustBasis {
  const { accepted, anchors, revoked } = memory;
  const introduction = agreedIntroduction(memory, told, siteId);
  const anchor = anchors.at(-1) ?? null;
  return {
    introduction: anchor ? { commit: anchor.commit, keyFingerprint: null } : introduction,
    revocations: revoked.map(revocationOf),
    accepted,
    anchor,
    anchorCount: anchors.length,
    superseded: new Set(anchors.flatMap(({ supersedes }) => supersedes)),
  };
}

/** Where trust begins, but for what administrators did by hand. @throws {TrustFolderError} */
export function agreedIntroduction(
  { introduction }: Pick<TrustMemory, 'introduction'>,
  told: Introduction | null,
  siteId: string,
): Introduction {
  if (introduction === null) {
    if (told !== null) return told;
    throw new TrustFolderError(
      'nothing says where trust begins: give --introduction, or run berth trust introduce here',
    );
  }
  const { commit, key, site } = introduction;
  if (site !== siteId) throw new TrustFolderError(`this server was introduced to the site ${site}, not to ${siteId}`);
  if (told !== null && (told.commit !== commit || told.keyFingerprint !== key)) {
    const other = `this server was introduced with ${commit}:${key}, not with ${told.commit}:${told.keyFingerprint}`;
    throw new TrustFolderError(`${other}; if that is meant to change, see berth trust introduce --replace`);
  }
  return { commit, keyFingerprint: key };
}

/** What else than before makes it necessary to judge anew what has been judged. */
export function basisKey({ introduction, revocations, superseded }: TrustBasis): string {
  return canonicalJson({ introduction, revocations, superseded: [...superseded] });
}

/**
 * What a head must follow on: what this server has accepted, or else (null) its introduction; and what the site has.
 * @param siteAccepted the commit that etcd has; null before the first
 */
export async function mustFollow(
  basis: TrustBasis,
  siteAccepted: Oid | null,
  kinship: Kinship,
): Promise<readonly [own: Oid | null, site?: Oid]> {
  const { accepted } = basis;
  const newest = accepted?.held?.head ?? accepted?.commit ?? null;
  // What was accepted since an administrator chose counts, though it be what had been given up.
  const isOlder = (accepted?.anchors ?? 0) < basis.anchorCount;
  const own = newest !== null && isOlder && (await isSuperseded(basis, newest, kinship)) ? null : newest;
  if (siteAccepted === null || (await isSuperseded(basis, siteAccepted, kinship))) return [own];
  return [own, siteAccepted];
}

/** Whether an administrator's choice stands in the place of a commit: it was given up for it, or is part of it. */
async function isSuperseded({ anchor, superseded }: TrustBasis, commit: Oid, kinship: Kinship): Promise<boolean> {
  if (anchor === null || commit === anchor.commit) return false;
  if (superseded.has(commit)) return true;
  for (const other of [anchor.commit, ...superseded]) if (await kinship.contains(other, commit)) return true;
  return false;
}

function revocationOf({ key, from, reason }: RevokedRecord): Revocation {
  return { fingerprint: key, fromSeconds: from === null ? null : Math.floor(Date.parse(from) / 1000), reason };
}
