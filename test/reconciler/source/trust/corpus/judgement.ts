// How a row is judged: as a boot server would, at once and step by step.
import { join } from 'node:path';
import { secretsInspector } from '../../../../../reconciler/cli/site-secrets.ts';
import { acceptHead } from '../../../../../reconciler/source/accept.ts';
import { Clone } from '../../../../../reconciler/source/clone.ts';
import { type Oid, parentsOf } from '../../../../../reconciler/source/commit.ts';
import { GitObjectError, type GitObjects, parseTree } from '../../../../../reconciler/source/objects.ts';
import type { ObjectType, StoredObject } from '../../../../../reconciler/source/stored-object.ts';
import { authenticate } from '../../../../../reconciler/source/trust/authenticate.ts';
import { siteId } from './site.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

export type Outcome =
  | { readonly ok: true; readonly commits: readonly JudgedCommit[] }
  /** `commit` is null when nothing was judged. */
  | { readonly ok: false; readonly code: string; readonly commit: Oid | null };

export interface JudgedCommit {
  readonly oid: Oid;
  readonly signer: string;
  readonly approvers: readonly string[];
}

/** @param wholeSite whether a site is made of the head, too */
export async function judge(world: World, story: Story, wholeSite: boolean): Promise<Outcome> {
  const objects = objectsIn(story.gitFolder ?? join(world.work, '.git'));
  const accepted = story.accepted ?? [null];
  const introduction = story.introduction === undefined ? world.introduction : story.introduction;
  const shared = {
    judgedBy: null,
    approvals: world.approvals,
    revocations: story.revocations ?? [],
    nowSeconds: story.nowSeconds ?? world.nowSeconds,
  };
  try {
    if (wholeSite) {
      if (introduction === null) throw new Error('a boot server without an introduction judges no site');
      const verdict = await acceptHead({ objects, head: story.head, accepted, introduction, siteId, ...shared });
      if (!verdict.ok) return refusal(verdict.refused);
      const closed = story.secretsKey === undefined ? null : await secretsInspector(story.secretsKey)(verdict.head);
      return closed ? refusal(closed) : { ok: true, commits: verdict.head.commits.map(judged) };
    }
    const commits = new Map<Oid, JudgedCommit>();
    for (const from of accepted) {
      const first = introduction === null ? {} : { introduction };
      const result = await authenticate({ from, to: story.head, reader: objects, ...first, ...shared });
      if (!result.ok) return refusal(result);
      for (const commit of result.commits) commits.set(commit.oid, judged(commit));
    }
    return { ok: true, commits: [...commits.values()] };
  } catch (error) {
    if (error instanceof GitObjectError) return { ok: false, code: error.code, commit: null };
    throw error;
  }
}

/**
 * Judge one first parent of the head after the other, each from the one before on, up to the first that is refused.
 * @returns null when the head is no descendant of what was accepted, so that there are no steps
 */
export async function judgeStepByStep(world: World, story: Story, wholeSite: boolean): Promise<Outcome | null> {
  const [from = null, ...others] = story.accepted ?? [];
  const base = from ?? story.introduction?.commit ?? world.introduction.commit;
  const line = await firstParents(objectsIn(story.gitFolder ?? join(world.work, '.git')), story.head, base);
  if (!line) return null;
  const commits = new Map<Oid, JudgedCommit>();
  let accepted = from;
  for (const head of from === null ? [base, ...line] : line) {
    const step = { ...story, head, accepted: [accepted, ...others] };
    const outcome = await judge(world, step, wholeSite && head === story.head);
    if (!outcome.ok) return outcome;
    for (const commit of outcome.commits) commits.set(commit.oid, commit);
    accepted = head;
  }
  return { ok: true, commits: [...commits.values()] };
}

/** From behind the base up to the head, oldest first; null when first parents do not lead there. */
async function firstParents(objects: GitObjects, head: Oid, base: Oid): Promise<Oid[] | null> {
  const line: Oid[] = [];
  for (let oid: Oid | undefined = head; oid !== base; ) {
    line.unshift(oid);
    try {
      [oid] = parentsOf(await objects.commit(oid));
    } catch (error) {
      if (error instanceof GitObjectError) return null;
      throw error;
    }
    if (oid === undefined) return null;
  }
  return line;
}

/** The objects of a repository on disk, each read once. */
export function objectsIn(gitFolder: string): GitObjects {
  const clone = new Clone(gitFolder);
  const known = new Map<Oid, Promise<StoredObject>>();
  const read = async (oid: Oid, type: ObjectType): Promise<Uint8Array> => {
    const reading = known.get(oid) ?? clone.read(oid);
    known.set(oid, reading);
    const object = await reading;
    if (object.type === type) return object.bytes;
    throw new GitObjectError('missing-object', oid, `${oid} is a ${object.type}, not a ${type}`);
  };
  return {
    has: (oid) =>
      read(oid, 'commit').then(
        () => true,
        (error) => {
          if (error instanceof GitObjectError && error.code === 'missing-object') return false;
          throw error;
        },
      ),
    commit: (oid) => read(oid, 'commit'),
    tree: async (oid) => parseTree(await read(oid, 'tree')),
    blob: (oid) => read(oid, 'blob'),
  };
}

function judged({ oid, signer, approvers }: JudgedCommit): JudgedCommit {
  return { oid, signer, approvers };
}

function refusal({ code, commit }: { readonly code: string; readonly commit: Oid }): Outcome {
  return { ok: false, code, commit };
}
