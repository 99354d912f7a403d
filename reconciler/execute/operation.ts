// The record of what is being done to a machine. It is written before power is touched and says afterwards that power
// was asked for, so that whoever leads next knows what may have happened.
import { keys } from '../../schema/state/keys.ts';
import { absent, unchanged } from '../../schema/state/kv.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { Operation } from '../../schema/types/operation.ts';
import type { PowerAction } from '../plan/action.ts';
import { type ExecutionContext, PreconditionError } from './context.ts';

/**
 * Record the operation, ask for power, record that it was asked for.
 * @throws {PreconditionError} when something else is recorded for the machine by now; power was not touched
 */
export async function operate(
  action: PowerAction,
  context: ExecutionContext,
  power: () => Promise<unknown>,
): Promise<void> {
  const { kv, fence } = context;
  const key = keys.operation(action.serial);
  const existing = context.operationEntry(action.serial);
  const operation = existing ? readRecord(records.operation, existing) : begin(action, context.now());
  if (operation.kind !== action.kind || operation.attempts > 0) {
    throw new PreconditionError(`${action.serial} is being worked on already`);
  }
  if (!existing) {
    const done = await kv.commit({ when: [fence, absent(key)], put: [putRecord(records.operation, operation)] });
    if (!done) throw new PreconditionError(`${action.serial} is being worked on already, or the leader has changed`);
  }
  const recorded = await kv.get(key);
  const stillMine = recorded !== null && recorded.value === putRecord(records.operation, operation).value;
  if (!stillMine) throw new PreconditionError(`the operation on ${action.serial} has changed`);
  if (!context.stillLeads()) throw new PreconditionError('another agent leads');
  await power();
  const attempted = putRecord(records.operation, { ...operation, attempts: operation.attempts + 1 });
  // When this fails, power is asked for once more; the boot id tells the machine's restarts apart.
  await kv.commit({ when: [fence, unchanged(key, recorded)], put: [attempted] });
}

function begin({ serial, kind, generation, bootDigest, bootIdBefore }: PowerAction, now: Date): Operation {
  return { serial, kind, generation, bootDigest, bootIdBefore, since: now.toISOString(), attempts: 0 };
}
