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
  const recorded = machines.filter(({ state }) => isRecorded(state));
  const halting = haltingMachine(machines);
  for (const { machine, state } of recorded) {
    if ((state.state !== 'working' && state.state !== 'failed') || state.started) continue;
    // What halts the others because it could not begin must be able to begin.
    gates.set(machine.serial, halting?.started ? closed('halted', halting.text) : { open: true });
  }
  if (halting) {
    for (const { machine } of candidates) gates.set(machine.serial, closed('halted', halting.text));
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
      gates.set(serial, closed('canary', canariesFirst(policy.canaries - proven)));
    } else {
      gates.set(serial, { open: true });
      away.set(rack, gone + 1);
      canaries--;
    }
  }
  return gates;
}

/** Why nothing may restart: the first machine whose restart failed. */
export function haltReason(machines: WaveInput['machines']): string | null {
  return haltingMachine(machines)?.text ?? null;
}

/** The machine that halts the others; rather one that was restarted than one that could not be. */
function haltingMachine(machines: WaveInput['machines']): { readonly text: string; readonly started: boolean } | null {
  const halting = machines.flatMap(({ machine: { name, serial }, state }) => {
    if (state.state !== 'failed' || !state.halts) return [];
    return [{ text: `${name} (${serial}) ${state.why}`, started: state.started }];
  });
  return halting.find(({ started }) => started) ?? halting[0] ?? null;
}

/** A failed one that does not halt was given up by a new commit, and holds no rack. */
function isRecorded(state: MachineState): boolean {
  if (state.state === 'failed') return state.halts;
  return 'operation' in state && state.operation.kind === 'restart';
}

function closed(code: 'halted' | 'rack' | 'budget' | 'canary', waitsFor: string): Gate {
  return { open: false, code, waitsFor };
}

function canariesFirst(count: number): string {
  return `${count} ${count === 1 ? 'canary' : 'canaries'} must come back first`;
}

function rackFirst(racks: readonly string[]): string {
  return racks.length === 1 ? `rack ${racks[0]} comes first` : `racks ${racks.join(', ')} come first`;
}

/**
 * Racks with restarts under way, filled up with racks where one is still on record (a rack is left only when none is),
 * then with the next racks that have machines to restart.
 */
function openRacks(
  racksAtOnce: number,
  recorded: WaveInput['machines'],
  candidates: WaveInput['machines'],
): ReadonlySet<string> {
  const underWay = recorded.filter(({ state }) => state.state === 'working');
  const open = new Set(underWay.map(({ machine }) => machine.rack));
  for (const { machine } of [...recorded, ...candidates]) {
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
    case 'failed':
      return state.operation.kind === 'restart';
    case 'settled':
    case 'outdated':
    case 'finished':
    case 'moot':
    case 'unseen':
      return false;
  }
}
