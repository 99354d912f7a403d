// One machine against what it should be: the planner's decision table for a single machine.
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../schema/types/observed-machine.ts';
import type { Operation } from '../../schema/types/operation.ts';

/** `started` tells whether power was asked for, or the machine has gone by itself: before, it runs as if nothing were. */
export type MachineState =
  /** Runs what it should, and nothing is being done to it. */
  | { readonly state: 'settled' }
  /** Has never reported. */
  | { readonly state: 'unseen' }
  /** Runs another configuration than it should. */
  | { readonly state: 'outdated' }
  /** Something is being done to it, and there is time left. */
  | { readonly state: 'working'; readonly operation: Operation; readonly started: boolean }
  /**
   * Something is being done to it, and it did not report in time, or reported from something else than it was to boot.
   * `halts` while it was a restart into what is still wanted: others must not follow it. A new commit that wants
   * something else of the machine is a new decision, so that a bad change can be taken back.
   */
  | {
      readonly state: 'failed';
      readonly operation: Operation;
      readonly started: boolean;
      readonly halts: boolean;
      readonly why: string;
    }
  /** What was done to it has shown its effect. */
  | { readonly state: 'finished'; readonly operation: Operation }
  /** Something was to be done to it and was not begun, and is not to be any more: what was wanted then is not, or the
   * time for it is over. */
  | { readonly state: 'moot'; readonly operation: Operation }
  /** Boots or starts on its own, without an operation. */
  | { readonly state: 'away' };

/**
 * @param deadlineSeconds how long a machine may take to report after an operation began
 * @param now milliseconds since 1970
 * @param isCalledOff whether a restart that has not begun is not to begin any more
 */
export function machineState(
  machine: MachineObject,
  observed: ObservedMachine | undefined,
  operation: Operation | undefined,
  deadlineSeconds: number,
  now: number,
  isCalledOff = false,
): MachineState {
  if (operation) return operationState(machine, observed, operation, deadlineSeconds, now, isCalledOff);
  if (!observed) return { state: 'unseen' };
  if (observed.phase !== 'running') return { state: 'away' };
  return observed.bootDigest === machine.bootDigest ? { state: 'settled' } : { state: 'outdated' };
}

function operationState(
  machine: MachineObject,
  observed: ObservedMachine | undefined,
  operation: Operation,
  deadlineSeconds: number,
  now: number,
  isCalledOff: boolean,
): MachineState {
  const { kind, since } = operation;
  const wanted = operation.bootDigest === machine.bootDigest;
  const started = operation.attempts > 0 || (observed !== undefined && observed.bootId !== operation.bootIdBefore);
  const failed = (why: string): MachineState => {
    return { state: 'failed', operation, started, halts: wanted && kind === 'restart', why };
  };
  if (observed?.phase === 'running' && observed.bootId !== operation.bootIdBefore) {
    // A first boot is over with any report: what is wrong with it is for a restart to mend.
    const fits = !wanted || kind === 'provision' || observed.bootDigest === machine.bootDigest;
    if (fits) return { state: 'finished', operation };
    if (operation.attempts === 0) return { state: 'moot', operation };
    // To restart it once more would go on for ever.
    return failed(`runs ${observed.bootDigest.slice(0, 12)} after its restart, not ${machine.bootDigest.slice(0, 12)}`);
  }
  if (!started && (!wanted || (isCalledOff && kind === 'restart'))) return { state: 'moot', operation };
  const late = now - Date.parse(since) > deadlineSeconds * 1000;
  if (!late) return { state: 'working', operation, started };
  if (!started) return failed(`could not be powered since ${since}`);
  return failed(`has not come ${kind === 'provision' ? 'up' : 'back'} since ${since}`);
}
