// When machines may restart: the canaries first, then rack by rack, within the budget of each rack.
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../schema/types/site-object.ts';
import type { Gate } from './action.ts';
import type { MachineState } from './machine-state.ts';

export interface WaveInput {
  readonly policy: RolloutPolicy;
  /** Machines in the order of racks and slots, each with its state. */
  readonly machines: readonly { readonly machine: MachineObject; readonly state: MachineState }[];
  /** How many machines have shown that this generation boots. */
  readonly proven: number;
}

/** The gate of every machine that is to restart, by serial; of those too whose restart is recorded but not begun. */
export function restartGates({ policy, machines, proven }: WaveInput): ReadonlyMap<string, Gate> {
  const gates = new Map<string, Gate>();
  const candidates = machines.filter(({ state }) => state.state === 'outdated');
  const recorded = machines.filter(({ state }) => 'operation' in state && state.operation.kind === 'restart');
  const halt = haltingGate(recorded);
  for (const { machine, state } of recorded) {
    if ((state.state !== 'working' && state.state !== 'overdue') || state.started) continue;
    // What halts the others by not having begun must be able to begin.
    gates.set(machine.serial, halt?.started ? halt.gate : { open: true });
  }
  if (halt) {
    for (const { machine } of candidates) gates.set(machine.serial, halt.gate);
    return gates;
  }
  const restarting = recorded.some(({ state }) => state.state === 'working');
  const open = openRacks(policy.racksAtOnce, recorded, candidates);
  const away = awayByRack(machines);
  let canaries = proven >= policy.canaries ? Number.POSITIVE_INFINITY : restarting ? 0 : 1;
  for (const { machine } of candidates) {
    const { serial, rack } = machine;
    const gone = away.get(rack) ?? 0;
    if (!open.has(rack)) gates.set(serial, closed('rack', rackFirst([...open])));
    else if (gone >= policy.maxUnavailablePerRack) {
      gates.set(serial, closed('budget', `rack ${rack} may have ${policy.maxUnavailablePerRack} away at a time`));
    } else if (canaries === 0) {
      gates.set(serial, closed('canary', `${policy.canaries - proven} more must come back first`));
    } else {
      gates.set(serial, { open: true });
      away.set(rack, gone + 1);
      canaries--;
    }
  }
  return gates;
}

/** Closes everything when a restart is overdue; first of all by one that has begun. */
function haltingGate(recorded: WaveInput['machines']): { readonly gate: Gate; readonly started: boolean } | null {
  const overdue = recorded.flatMap(({ machine, state }) => (state.state === 'overdue' ? [{ machine, state }] : []));
  const first = overdue.find(({ state }) => state.started) ?? overdue[0];
  if (!first) return null;
  const { started } = first.state;
  const what = started ? 'has not come back' : 'could not be restarted';
  return { gate: closed('halted', `${first.machine.name} (${first.machine.serial}) ${what}`), started };
}

function closed(code: 'halted' | 'rack' | 'budget' | 'canary', waitsFor: string): Gate {
  return { open: false, code, waitsFor };
}

function rackFirst(racks: readonly string[]): string {
  return racks.length === 1 ? `rack ${racks[0]} comes first` : `racks ${racks.join(', ')} come first`;
}

/**
 * Racks with restarts on record, filled up with the next racks that have machines to restart. A rack is left only when
 * nothing is recorded for its machines any more.
 */
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

/** How many machines of each rack are missed just now, for whatever reason. One that has never run is not. */
function awayByRack(machines: WaveInput['machines']): Map<string, number> {
  const away = new Map<string, number>();
  for (const { machine, state } of machines) {
    if (isMissed(state)) away.set(machine.rack, (away.get(machine.rack) ?? 0) + 1);
  }
  return away;
}

function isMissed(state: MachineState): boolean {
  switch (state.state) {
    case 'away':
      return true;
    case 'working':
    case 'overdue':
      return state.operation.kind === 'restart';
    case 'settled':
    case 'outdated':
    case 'finished':
    case 'moot':
    case 'unseen':
      return false;
  }
}
