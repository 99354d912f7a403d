// finish: the machine has reported from what it was to boot. Deletes operation/<serial>.
import { unchanged } from '../../schema/state/kv.ts';
import type { FinishAction } from '../plan/action.ts';
import { type ExecutionContext, PreconditionError } from './context.ts';

export async function finish(action: FinishAction, context: ExecutionContext): Promise<void> {
  const entry = context.operationEntry(action.serial);
  if (!entry) return;
  const done = await context.kv.commit({ when: [context.fence, unchanged(entry.key, entry)], delete: [entry.key] });
  if (!done) throw new PreconditionError(`the operation on ${action.serial} or the leader has changed`);
}
