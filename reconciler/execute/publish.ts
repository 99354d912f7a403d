// publish: reads the blueprint's objects; writes those that etcd lacks, then target and history in one transaction.
// A crash in between is invisible: readers only ever follow target.
import { unchanged } from '../../schema/state/kv.ts';
import { putObjects } from '../../schema/state/objects.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { PublishAction } from '../plan/action.ts';
import { type ExecutionContext, PreconditionError } from './context.ts';

export async function publish(action: PublishAction, context: ExecutionContext): Promise<void> {
  const { kv, fence, history, log } = context;
  const before = context.targetEntry();
  const parent = before ? readRecord(records.target, before).root : null;
  if (parent !== action.parent) throw new PreconditionError('the target has changed since the plan was made');
  const { written, present } = await putObjects(kv, context.objects(), [fence]);
  const now = context.now();
  const { generation, root, commit } = action;
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
