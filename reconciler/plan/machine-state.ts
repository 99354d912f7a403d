// One machine against what it should be: the planner's decision table for a single machine.
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import type { Operation } from '../../schema/types/operation.ts';

/** `started` tells whether power was asked for: before that, the machine runs on as if nothing were. */
export type MachineState =
  /** Runs what it should, and nothing is being done to it. */
  | { readonly state: 'settled' }
  /** Has never reported. */
  | { readonly state: 'unseen' }
  /** Runs another configuration than it should. */
  | { readonly state: 'outdated' }
  /** Something is being done to it, and there is time left. */
  | { readonly state: 'working'; readonly operation: Operation; readonly started: boolean }
  /** Something is being done to it, and it did not report in time. */
  | {
      readonly state: 'overdue';
      readonly operation: Operation;
      readonly started: boolean;
      readonly overdueSeconds: number;
    }
  /** What was done to it has shown its effect. */
  | { readonly state: 'finished'; readonly operation: Operation }
  /** It was to restart, power was not asked for yet, and by now it runs what it should. */
  | { readonly state: 'moot'; readonly operation: Operation }
  /** Boots or starts on its own, without an operation. */
  | { readonly state: 'away' };

/**
 * @param deadlineSeconds how long a machine may take to report after an operation began
 * @param now milliseconds since 1970
 */
export function machineState(
  machine: MachineObject,
  observed: ObservedMachine | undefined,
  operation: Operation | undefined,
  deadlineSeconds: number,
  now: number,
): MachineState {
  const running = observed?.phase === 'running' ? observed : null;
  if (operation) {
    if (running && isBack(running, operation)) return { state: 'finished', operation };
    const started = operation.attempts > 0;
    const asItShould = running?.bootId === operation.bootIdBefore && running?.bootDigest === machine.bootDigest;
    if (!started && asItShould) return { state: 'moot', operation };
    const overdueSeconds = (now - Date.parse(operation.since)) / 1000 - deadlineSeconds;
    if (overdueSeconds > 0) return { state: 'overdue', operation, started, overdueSeconds };
    return { state: 'working', operation, started };
  }
  if (!observed) return { state: 'unseen' };
  if (!running) return { state: 'away' };
  return running.bootDigest === machine.bootDigest ? { state: 'settled' } : { state: 'outdated' };
}

/**
 * A restarted machine is back when it runs what it was restarted for, or what a later generation asks for. Coming back
 * with anything else is a failure like not coming back: taken for a success, it would be restarted again and again.
 */
function isBack(running: ObservedMachine, operation: Operation): boolean {
  if (running.bootId === operation.bootIdBefore) return false;
  if (operation.kind === 'provision') return true;
  return running.bootDigest === operation.bootDigest || running.generation > operation.generation;
}
