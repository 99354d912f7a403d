// What a verdict on a history rests on, as a digest: a verdict is remembered with it, and made anew when it is another.
import { type Digest, digestOf } from '../../../schema/canonical.ts';
import { type Oid, parseCommit } from '../commit.ts';
import type { GitObjects } from '../objects.ts';
import type { Introduction } from './authenticate.ts';
import { readable } from './readable.ts';
import { Refused } from './refusal.ts';
import type { Revocation } from './trust-set.ts';

/** Counts up when this program comes to judge otherwise than before: what was accepted is judged anew then. */
export const policyVersion = 1;

export interface TrustSetSources {
  readonly objects: GitObjects;
  readonly head: Oid;
  readonly introduction: Introduction;
  readonly revocations: readonly Revocation[];
}

/** Digest over the policy, the introduction, the keys that this server disbelieves, and the head's documents in trust/. */
export async function trustSetDigest(sources: TrustSetSources): Promise<Digest> {
  const { introduction, revocations } = sources;
  return digestOf({ policyVersion, introduction, revocations, documents: await trustFolder(sources) });
}

/** Id of the folder; null where there is none, or the head cannot even be read, for which it will be refused. */
async function trustFolder({ objects, head }: TrustSetSources): Promise<Oid | null> {
  try {
    return await readable(head, async () => {
      const { tree } = parseCommit(await objects.commit(head));
      return (await objects.tree(tree)).find(({ name }) => name === 'trust')?.oid ?? null;
    });
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
