// When machines may restart: the canaries first, then rack by rack, within the budget of each rack.
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../schema/types/site-object.ts';
import type { Gate } from './action.ts';
import type { MachineState } from './machine-state.ts';

export interface WaveInput {
  readonly policy: RolloutPolicy;
  /** Machines in the order of racks and slots, each with its state. */
  readonly machines: readonly { readonly machine: MachineObject; readonly state: MachineState }[];
  /** How many machines run this generation's configuration already. */
  readonly proven: number;
}

/** The gate of every machine that is to restart, by serial. */
export function restartGates({ policy, machines, proven }: WaveInput): ReadonlyMap<string, Gate> {
  const gates = new Map<string, Gate>();
  const candidates = machines.filter(({ state }) => state.state === 'outdated');
  const halted = haltReason(machines);
  if (halted !== null) {
    const waitsFor = `halted: ${halted}`;
    for (const { machine } of candidates) gates.set(machine.serial, { open: false, code: 'halted', waitsFor });
    return gates;
  }
  const restarting = machines.filter(({ state }) => state.state === 'working' && state.operation.kind === 'restart');
  // A rack is left only when nothing is recorded for its machines any more.
  const recorded = machines.filter(({ state }) => isRecorded(state));
  const open = openRacks(policy.racksAtOnce, recorded, candidates);
  const away = awayByRack(machines);
  let canaries = proven >= policy.canaries ? Number.POSITIVE_INFINITY : restarting.length > 0 ? 0 : 1;
  for (const { machine } of candidates) {
    const gone = away.get(machine.rack) ?? 0;
    if (!open.has(machine.rack)) {
      gates.set(machine.serial, closed('rack', `rack ${[...open].join(', ')} comes first`));
    } else if (gone >= policy.maxUnavailablePerRack) {
      const budget = `${gone} of rack ${machine.rack}'s machines are away, and ${policy.maxUnavailablePerRack} may be`;
      gates.set(machine.serial, closed('budget', budget));
    } else if (canaries === 0) {
      gates.set(machine.serial, closed('canary', `${policy.canaries - proven} more must come back first`));
    } else {
      gates.set(machine.serial, { open: true });
      away.set(machine.rack, gone + 1);
      canaries--;
    }
  }
  return gates;
}

/** A failed one that does not halt was given up by a new commit, and holds no rack. */
function isRecorded(state: MachineState): boolean {
  if (state.state === 'failed') return state.halts;
  return 'operation' in state && state.operation.kind === 'restart';
}

/** Why nothing may restart: the first machine whose restart failed. */
export function haltReason(machines: WaveInput['machines']): string | null {
  for (const { machine, state } of machines) {
    if (state.state === 'failed' && state.halts) return `${machine.name} (${machine.serial}) ${state.why}`;
  }
  return null;
}

function closed(code: 'rack' | 'budget' | 'canary', waitsFor: string): Gate {
  return { open: false, code, waitsFor };
}

/** Racks with restarts on record, filled up with the next racks that have machines to restart. */
function openRacks(
  racksAtOnce: number,
  recorded: WaveInput['machines'],
  candidates: WaveInput['machines'],
): ReadonlySet<string> {
  const open = new Set(recorded.map(({ machine }) => machine.rack));
  for (const { machine } of candidates) {
    if (open.size >= racksAtOnce) break;
    open.add(machine.rack);
  }
  return open;
}

/** How many machines of each rack do not run just now, for whatever reason. */
function awayByRack(machines: WaveInput['machines']): Map<string, number> {
  const away = new Map<string, number>();
  for (const { machine, state } of machines) {
    const runs = state.state === 'settled' || state.state === 'outdated' || state.state === 'finished';
    if (!runs) away.set(machine.rack, (away.get(machine.rack) ?? 0) + 1);
  }
  return away;
}
