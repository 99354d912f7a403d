// One machine against what it should be: the planner's decision table for a single machine.
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import type { Operation } from '../../schema/types/operation.ts';

export type MachineState =
  /** Runs what it should, and nothing is being done to it. */
  | { readonly state: 'settled' }
  /** Has never reported. */
  | { readonly state: 'unseen' }
  /** Runs another configuration than it should. */
  | { readonly state: 'outdated' }
  /** Something is being done to it, and there is time left. `started` tells whether power was asked for. */
  | { readonly state: 'working'; readonly operation: Operation; readonly started: boolean }
  /** Something was done to it, and it did not report in time. */
  | { readonly state: 'overdue'; readonly operation: Operation; readonly overdueSeconds: number }
  /** What was done to it has shown its effect. */
  | { readonly state: 'finished'; readonly operation: Operation }
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
  if (operation) {
    const bootedSince = observed?.phase === 'running' && observed.bootId !== operation.bootIdBefore;
    if (bootedSince) return { state: 'finished', operation };
    const overdueSeconds = (now - Date.parse(operation.since)) / 1000 - deadlineSeconds;
    if (overdueSeconds > 0) return { state: 'overdue', operation, overdueSeconds };
    return { state: 'working', operation, started: operation.attempts > 0 };
  }
  if (!observed) return { state: 'unseen' };
  if (observed.phase !== 'running') return { state: 'away' };
  return observed.bootDigest === machine.bootDigest ? { state: 'settled' } : { state: 'outdated' };
}
