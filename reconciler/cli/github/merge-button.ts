// Whether boot servers would take the merge that the Git host makes of a pull request when somebody presses its button.
import { type Oid, parseCommit } from '../../source/commit.ts';
import type { LocalRepository } from '../../source/local.ts';
import { mergeBases } from '../../source/merge-base.ts';
import type { GitObjects } from '../../source/objects.ts';
import { judgeApproval } from '../../source/trust/approvals.ts';
import { changedPaths } from '../../source/trust/changes.ts';
import { describePath, judgePath } from '../../source/trust/permission.ts';
import { Refused, short } from '../../source/trust/refusal.ts';
import { Revocations } from '../../source/trust/revocations.ts';
import { SignedBy } from '../../source/trust/signed-by.ts';
import { TrustReader } from '../../source/trust/trust-reader.ts';
import { type HostKey, type TrustSet, validityFault } from '../../source/trust/trust-set.ts';
import type { Branch } from './signatures.ts';

/** `key`: what the base calls the host's key. */
export type MergeButton =
  | { readonly works: true; readonly key: string }
  | { readonly works: false; readonly why: string };

/**
 * Foretell what the judgement will say of the host's merge (see `Judge`): by what the base trusts, about all that the
 * branch brings. That the host will write what it should is taken for granted.
 * @param nowSeconds when the button is pressed, since 1970
 */
export async function mergeButton(
  repository: LocalRepository,
  branch: Branch,
  nowSeconds: number,
): Promise<MergeButton> {
  const { objects } = repository;
  const { base } = branch;
  try {
    const trust = await new TrustReader(objects).at(base, parseCommit(await objects.commit(base)), base);
    if (trust.hostKeys.size === 0) return no('trust/signers.yaml lists no merge key of the Git host');
    const { brought, torn } = await changesOf(objects, branch);
    if (torn !== undefined) return no(torn);
    const key = keyFor(trust, brought);
    if (typeof key === 'string') return no(key);
    const why = await whyNotSigner(repository, branch.head, trust, brought, nowSeconds);
    return why === null ? { works: true, key: key.name } : no(why);
  } catch (error) {
    if (error instanceof Refused) return no(error.message);
    throw error;
  }
}

function no(why: string): MergeButton {
  return { works: false, why };
}

interface Changes {
  readonly brought: readonly string[];
  /** Why no merge file by file can be made. */
  readonly torn?: string;
}

async function changesOf(objects: GitObjects, { base, from, head }: Branch): Promise<Changes> {
  const tree = async (oid: Oid): Promise<Oid> => parseCommit(await objects.commit(oid)).tree;
  const [baseTree, fromTree, headTree] = [await tree(base), await tree(from), await tree(head)];
  const brought = await changedPaths(objects, fromTree, headTree);
  if ((await mergeBases(objects, base, head)).length > 1) {
    return { brought, torn: 'the branch and its base have parted at several commits' };
  }
  const here = new Set(await changedPaths(objects, fromTree, baseTree));
  const apart = new Set(await changedPaths(objects, baseTree, headTree));
  const both = brought.find((path) => here.has(path) && apart.has(path));
  if (both !== undefined) return { brought, torn: `both sides have changed ${JSON.stringify(both)}` };
  // What both sides changed alike is brought by neither.
  return { brought: brought.filter((path) => apart.has(path)) };
}

/** The key that may bring all of it, or why there is none. */
function keyFor({ hostKeys }: TrustSet, brought: readonly string[]): HostKey | string {
  const faults: string[] = [];
  for (const key of hostKeys.values()) {
    const barred = brought.find((path) => !key.mayBring(path));
    if (barred === undefined) return key;
    faults.push(`${key.name} may not bring ${JSON.stringify(barred)}`);
  }
  return faults.join(', ');
}

/** Whoever stands for the last commit must stand for all of the branch. */
async function whyNotSigner(
  { objects, approvalsOf }: LocalRepository,
  head: Oid,
  trust: TrustSet,
  brought: readonly string[],
  nowSeconds: number,
): Promise<string | null> {
  const commit = parseCommit(await objects.commit(head));
  const signedBy = new SignedBy();
  const fingerprint = await signedBy.commit(head, commit, trust);
  const key = trust.keys.get(fingerprint);
  if (!key) return `the last commit ${short(head)} is signed by ${fingerprint}, which the base does not trust`;
  const expired = validityFault(key, nowSeconds);
  if (expired) return `the last commit ${short(head)} is signed with a key of ${key.name} that ${expired.message}`;
  const revocations = new Revocations([]);
  revocations.addFrom(trust.keys.values());
  const context = { oid: head, commit, trust, revocations, signedBy, nowSeconds, mergedSeconds: nowSeconds };
  const approvals = await Promise.all((await approvalsOf(head)).map((tag) => judgeApproval(tag, context)));
  const standing = new Set([key.name, ...approvals.flatMap(({ name }) => name ?? [])]);
  const missing = brought.map((path) => judgePath(trust, path, standing)).find(({ fault }) => fault !== null);
  return missing ? `the last commit ${short(head)} has to stand for ${describePath(missing, key.name)}` : null;
}
