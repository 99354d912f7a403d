// What is done to one machine, by its state, and why.
import type { Blueprint } from '../../renderers/blueprint.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { Operation } from '../../schema/types/operation.ts';
import type { Action, FinishAction, Gate, Reason } from './action.ts';
import type { Alike } from './alike.ts';
import type { FieldChange } from './diff/field-change.ts';
import { diffMachine } from './diff/machine.ts';
import type { MachineState } from './machine-state.ts';
import type { Observed } from './observed.ts';
import type { Origin } from './origin.ts';

export interface MachineActionInput {
  readonly generation: number;
  readonly target: Blueprint;
  /** Blueprints that machines may run, newest first: their difference to the target is the reason. */
  readonly known: readonly Blueprint[];
  readonly observed: Observed;
  readonly origin: Origin;
  readonly alike: Alike;
}

/** @param gate of anything that asks for power */
export function machineAction(
  input: MachineActionInput,
  machine: MachineObject,
  state: MachineState,
  gate: Gate,
): Action | null {
  switch (state.state) {
    case 'unseen':
      return powerAction(input, machine, 'provision', gate, null);
    case 'outdated':
      return powerAction(input, machine, 'restart', gate, input.observed.machines.get(machine.serial)?.bootId ?? null);
    case 'working':
    case 'failed': {
      // Begun, but power was not asked for yet: who began it may have died in between, or the BMC does not answer.
      const { kind, bootIdBefore } = state.operation;
      return state.started ? null : powerAction(input, machine, kind, gate, bootIdBefore);
    }
    case 'finished': {
      const current = input.observed.machines.get(machine.serial)?.bootDigest === machine.bootDigest;
      return finishAction(input.generation, machine.name, state.operation, current ? 'runs' : 'runs-older');
    }
    case 'moot':
      return finishAction(input.generation, machine.name, state.operation, 'moot');
    case 'settled':
    case 'away':
      return null;
  }
}

const endings = {
  runs: 'back with what is asked for',
  'runs-older': 'back, and out of date by now',
  moot: 'never begun, and planned anew',
  undeclared: 'no longer declared',
} as const;

/** @param ending what has become of the machine */
export function finishAction(
  generation: number,
  name: string,
  operation: Operation,
  ending: keyof typeof endings,
): FinishAction {
  const { serial } = operation;
  return {
    kind: 'finish',
    generation,
    disruption: 'none',
    gate: { open: true },
    doneWhen: `no operation on ${serial} is recorded`,
    serial,
    name,
    because: endings[ending],
    operation,
  };
}

function powerAction(
  input: MachineActionInput,
  machine: MachineObject,
  kind: Operation['kind'],
  gate: Gate,
  bootIdBefore: string | null,
): Action {
  const { serial, name, bootDigest, bmc } = machine;
  const { generation, alike } = input;
  const common = {
    generation,
    gate,
    doneWhen: `${serial} reports that it runs ${bootDigest.slice(0, 12)}`,
    serial,
    name,
    domains: alike.domains(machine),
    bmcAddress: bmc.address,
    bootDigest,
  };
  if (kind === 'provision') {
    const reasons = [{ field: 'machine', from: null, to: 'declared', place: input.origin(serial, 'machine') }];
    return { ...common, kind, disruption: 'none', reasons, bootIdBefore: null };
  }
  const reasons = alike.reasons(machine.role, restartReasons(input, machine));
  return { ...common, kind, disruption: 'reboot', reasons, bootIdBefore };
}

/** What changed between the configuration that the machine runs and the one that it should run. */
function restartReasons(input: MachineActionInput, machine: MachineObject): readonly Reason[] {
  const { serial } = machine;
  const running = input.observed.machines.get(serial)?.bootDigest;
  const source = input.known.find(({ machines }) => machines.get(serial)?.bootDigest === running);
  const changes = source ? diffMachine(source, input.target, serial) : [];
  if (changes.length === 0) {
    const from = running?.slice(0, 12) ?? null;
    return [{ field: 'bootDigest', from, to: machine.bootDigest.slice(0, 12), place: null }];
  }
  return placed(changes, serial, input.origin);
}

/** Changes, each with the place that says the new value. @param serial of the machine that changes; null for the site */
export function placed(changes: readonly FieldChange[], serial: string | null, origin: Origin): readonly Reason[] {
  return changes.map(({ field, from, to }) => ({ field, from, to, place: origin(serial, field) }));
}
