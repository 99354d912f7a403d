// publish: reads the blueprint's objects; writes those that etcd lacks, then target and history in one transaction.
// A crash in between is invisible: readers only ever follow target.
import { unchanged } from '../../schema/state/kv.ts';
import { putObjects } from '../../schema/state/objects.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { PublishAction } from '../plan/action.ts';
import { type ExecutionContext, PreconditionError } from './context.ts';

export async function publish(action: PublishAction, context: ExecutionContext): Promise<void> {
  const { kv, fence, history, log } = context;
  const { generation, root, commit, parent } = action;
  const before = context.targetEntry();
  const inForce = before ? readRecord(records.target, before) : null;
  if ((inForce?.root ?? null) !== parent || (inForce?.generation ?? 0) + 1 !== generation) {
    throw new PreconditionError('the target has changed since the plan was made');
  }
  // Another head may have been accepted since: a target must not name what was never written.
  const objects = context.objects();
  if (!objects.has(root)) throw new PreconditionError('another head has been accepted since the plan was made');
  const { written, present } = await putObjects(kv, objects, [fence]);
  const now = context.now();
  const target = putRecord(records.target, { generation, root, commit, parent, acceptedAt: now.toISOString() });
  const signer = context.signerOf(commit);
  const detail = `${written} objects written, ${present} kept`;
  const event = { generation, event: 'published', commit, detail, ...(signer === null ? {} : { signer }) } as const;
  const done = await history.write(event, now, (entry) => {
    return kv.commit({ when: [fence, unchanged(target.key, before), entry.when], put: [target, entry.put] });
  });
  if (!done) throw new PreconditionError('the target or the leader has changed');
  log.info({ event: 'published', generation, root, commit, written, present }, 'generation published');
}
