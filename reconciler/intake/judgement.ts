// The judgement of heads on a boot server: by its own terms, which are what it remembers and what the site has accepted.
import { type AcceptedHead, acceptHead, type RefusedHead, type Verdict } from '../source/accept.ts';
import type { Oid } from '../source/commit.ts';
import type { Kinship } from '../source/kinship.ts';
import type { Repository } from '../source/repository.ts';
import type { Introduction } from '../source/trust/authenticate.ts';
import type { RefusalCode } from '../source/trust/refusal.ts';
import { mustFollow, type TrustBasis, trustBasis } from './trust-basis.ts';
import type { TrustMemory } from './trust-folder.ts';

export interface JudgementOptions {
  readonly repository: Repository;
  /** Where trust begins; null when the server remembers it. */
  readonly introduction: Introduction | null;
  readonly siteId: string;
  /** Looks into a head that is authentic and in order otherwise: what is wrong with it, null when nothing is. */
  readonly inspect?: (head: AcceptedHead) => Promise<RefusedHead | null>;
}

export interface Terms {
  readonly basis: TrustBasis;
  /** The commit that the whole site has accepted, as etcd has it; null before the first. */
  readonly siteAccepted: Oid | null;
  /** First what this server has accepted, or else null, its introduction; then what the site has, if that is to count. */
  readonly follow: readonly [own: Oid | null, site?: Oid];
}

/** @throws {TrustFolderError} when it is not clear where trust begins */
export async function termsOf(
  { introduction, siteId }: JudgementOptions,
  memory: TrustMemory,
  siteAccepted: Oid | null,
  kinship: Kinship,
): Promise<Terms> {
  const basis = trustBasis(memory, introduction, siteId);
  return { basis, siteAccepted, follow: await mustFollow(basis, siteAccepted, kinship) };
}

/** @throws {GitObjectError} when the clone cannot be read */
export async function judgeHead(options: JudgementOptions, head: Oid, { basis, follow }: Terms): Promise<Verdict> {
  const { repository, siteId, inspect } = options;
  const { introduction, revocations, accepted } = basis;
  const verdict = await acceptHead({
    objects: repository,
    approvals: repository,
    head,
    accepted: follow.filter((commit) => commit !== undefined),
    judgedBy: accepted?.trustSet ?? null,
    introduction,
    revocations,
    siteId,
    nowSeconds: Math.floor(Date.now() / 1000),
  });
  const refused = verdict.ok && inspect ? await inspect(verdict.head) : null;
  return refused ? { ok: false, trustSet: verdict.trustSet, refused } : verdict;
}

/**
 * Whether a refused head is to be believed all the same in what it says against what was accepted: it follows properly
 * on that, and says of a key that signed or approved some of it that it is revoked. Nothing more is to be begun that
 * rests on such a commit. All that comes after the last accepted commit has been judged before what came before it: see
 * {@link acceptHead}.
 */
export async function disbelieves(
  head: Oid,
  refused: RefusedHead,
  { basis: { accepted }, follow }: Terms,
  kinship: Kinship,
): Promise<boolean> {
  if (!accepted || follow[0] !== accepted.commit || !broughtByRevocation.has(refused.code)) return false;
  return head !== accepted.commit && (await kinship.contains(accepted.commit, refused.commit));
}

/** What becomes of a commit that was accepted when a key of those who stand for it is revoked. */
const broughtByRevocation: ReadonlySet<RefusalCode> = new Set([
  'key-revoked',
  'threshold-missed',
  'path-not-allowed',
  'host-merge-not-allowed',
]);
