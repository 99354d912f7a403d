// The record of what is being done to a machine. It is written before power is touched and says afterwards that power
// was asked for, so that whoever leads next knows what may have happened.
import { keys } from '../../schema/state/keys.ts';
import { absent, type Entry, holds, unchanged } from '../../schema/state/kv.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { Operation } from '../../schema/types/operation.ts';
import type { PowerAction } from '../plan/action.ts';
import { type ExecutionContext, PreconditionError } from './context.ts';

/** Asks for power. What `beforeTouch` throws, right before the machine is touched, calls it off. */
export type AskForPower = (beforeTouch: () => void) => Promise<unknown>;

/**
 * Record the operation, ask for power, record that it was asked for.
 * @throws {PreconditionError} when the machine has booted since the plan was made, or something else is recorded for it
 *   by now, or another agent leads; power was not touched
 */
export async function operate(action: PowerAction, context: ExecutionContext, ask: AskForPower): Promise<void> {
  const { kv, fence } = context;
  const key = keys.operation(action.serial);
  const machineKey = keys.observedMachine(action.serial);
  // As it is now, and not as the plan saw it: a copy that lags behind must not restart a machine that has restarted.
  const facts = await kv.getMany([key, machineKey]);
  const machine = facts.get(machineKey) ?? null;
  if (bootIdOf(machine) !== action.bootIdBefore) {
    throw new PreconditionError(`${action.serial} has booted since the plan was made`);
  }
  const existing = facts.get(key);
  const operation = existing ? readRecord(records.operation, existing) : begin(action, context.now());
  const isSame = operation.kind === action.kind && operation.bootDigest === action.bootDigest;
  if (!isSame || operation.attempts > 0) {
    throw new PreconditionError(`${action.serial} is being worked on already`);
  }
  const recorded = existing ?? putRecord(records.operation, operation);
  if (!existing) {
    const when = [fence, absent(key), unchanged(machineKey, machine)];
    const done = await kv.commit({ when, put: [putRecord(records.operation, operation)] });
    if (!done) throw new PreconditionError(`${action.serial} has changed since the plan was made, or the leader has`);
  }
  await ask(() => {
    if (!context.stillLeads()) throw new PreconditionError('another agent leads');
  });
  const attempted = putRecord(records.operation, { ...operation, attempts: operation.attempts + 1 });
  // When this fails, power is asked for once more, unless the machine has reported from another boot by then.
  await kv.commit({ when: [fence, holds(key, recorded.value)], put: [attempted] });
}

function bootIdOf(machine: Entry | null): string | null {
  return machine && readRecord(records.observedMachine, machine).bootId;
}

function begin({ serial, kind, generation, bootDigest, bootIdBefore }: PowerAction, now: Date): Operation {
  return { serial, kind, generation, bootDigest, bootIdBefore, since: now.toISOString(), attempts: 0 };
}
