// When machines may restart: within their windows, wave by wave, the canaries first, then rack by rack, and no more at
// once than each failure domain can spare.
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';
import type { ClosedGate, Gate, GateCode } from '../action.ts';
import type { MachineState } from '../machine-state.ts';
import { Budgets } from './budgets.ts';
import type { Proof } from './proof.ts';
import { momentText, type RestartTimes, restartTimes } from './times.ts';
import { type WaveMember, waveGates, waveOf } from './waves.ts';

export interface WaveInput {
  readonly policy: RolloutPolicy;
  /** Machines in the order of racks and slots, each with its state. */
  readonly machines: readonly WaveMember[];
  readonly proof: Proof;
  readonly powerFeedOf: (rack: string) => string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The gate of every machine that is to restart, by serial; of those too whose restart is recorded but not begun. */
export function restartGates(input: WaveInput): ReadonlyMap<string, Gate> {
  const { policy, machines, now } = input;
  const times = restartTimes(policy, now);
  const gates = new Map<string, Gate>();
  const recorded = machines.filter(({ state }) => isRecorded(state));
  const halting = haltingMachine(machines);
  const halted = halting && closed('halted', halting.text);
  for (const { machine, state } of recorded) {
    if ((state.state !== 'working' && state.state !== 'failed') || state.started) continue;
    // What halts the others because it could not begin must be able to begin.
    gates.set(machine.serial, (halting?.started ? halted : null) ?? times.gateOf(machine.role) ?? { open: true });
  }
  const outdated = machines.filter(({ state }) => state.state === 'outdated').map(({ machine }) => machine);
  const before = halted ? () => halted : entryGates(input, times);
  const candidates = outdated.filter((machine) => {
    const gate = before(machine);
    if (gate) gates.set(machine.serial, gate);
    return gate === null;
  });
  for (const [machine, gate] of gatesInTurn(input, recorded, candidates)) gates.set(machine.serial, gate);
  return gates;
}

/** What keeps a machine from being a candidate at all: the time, or that another wave comes first. */
function entryGates(
  { policy, machines, proof, now }: WaveInput,
  times: RestartTimes,
): (machine: MachineObject) => ClosedGate | null {
  const indexOf = waveOf(policy);
  const gateOf = waveGates(policy, machines, proof, now);
  return (machine) => times.gateOf(machine.role) ?? gateOf(indexOf(machine));
}

/** Candidates one by one, each with those before it in mind. */
function* gatesInTurn(
  { policy, machines, proof, powerFeedOf, now }: WaveInput,
  recorded: readonly WaveMember[],
  candidates: readonly MachineObject[],
): Generator<readonly [MachineObject, Gate]> {
  const missed = machines.filter(({ state }) => isMissed(state)).map(({ machine }) => machine);
  const budgets = new Budgets(policy, missed, powerFeedOf);
  // One that must wait for its budget keeps no other rack waiting.
  const full = new Map(candidates.map((machine) => [machine.serial, budgets.whyFull(machine)]));
  const affordable = candidates.filter(({ serial }) => full.get(serial) === null);
  const open = openRacks(policy.racksAtOnce, recorded, affordable);
  const away = new Map<string, number>();
  for (const { rack } of missed) away.set(rack, (away.get(rack) ?? 0) + 1);
  const proven = proof.since.length;
  const soaksUntil = canariesSoakUntil(policy, proof);
  const restarting = recorded.some(({ state }) => state.state === 'working');
  let canaries = proven >= policy.canaries ? Number.POSITIVE_INFINITY : restarting ? 0 : 1;
  // Thousands may wait for the same.
  const forRack = closed('rack', rackFirst([...open]));
  const forCanary = closed('canary', canariesFirst(policy.canaries - proven));
  const forSoak = soaksUntil > now ? closed('soak', canariesSoak(policy, soaksUntil)) : null;
  for (const machine of candidates) {
    const { serial, rack } = machine;
    const gone = away.get(rack) ?? 0;
    const spent = full.get(serial) ?? (open.has(rack) ? budgets.whyFull(machine) : null);
    if (spent !== null) yield [machine, closed('budget', spent)];
    else if (!open.has(rack)) yield [machine, forRack];
    else if (gone >= policy.maxUnavailablePerRack) {
      yield [machine, closed('budget', `rack ${rack} may have ${policy.maxUnavailablePerRack} away at a time`)];
    } else if (canaries === 0) {
      yield [machine, forCanary];
    } else if (forSoak !== null) {
      yield [machine, forSoak];
    } else {
      yield [machine, { open: true }];
      away.set(rack, gone + 1);
      budgets.take(machine);
      canaries--;
    }
  }
}

/** When as many machines as there are to be canaries have run long enough; 0 when that does not matter yet. */
function canariesSoakUntil({ canaries, soakSeconds = 0 }: RolloutPolicy, { since }: Proof): number {
  const last = [...since].sort((a, b) => a - b)[canaries - 1];
  return last === undefined || soakSeconds === 0 ? 0 : last + soakSeconds * 1000;
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

function closed(code: GateCode, waitsFor: string): ClosedGate {
  return { open: false, code, waitsFor };
}

function canariesFirst(count: number): string {
  return `${count} ${count === 1 ? 'canary' : 'canaries'} must come back first`;
}

function canariesSoak(policy: RolloutPolicy, until: number): string {
  return `the ${policy.canaries === 1 ? 'canary' : 'canaries'} must run until ${momentText(policy, until)}`;
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
  recorded: readonly WaveMember[],
  candidates: readonly MachineObject[],
): ReadonlySet<string> {
  const underWay = recorded.filter(({ state }) => state.state === 'working');
  const open = new Set(underWay.map(({ machine }) => machine.rack));
  for (const { rack } of [...recorded.map(({ machine }) => machine), ...candidates]) {
    if (open.size >= racksAtOnce) break;
    open.add(rack);
  }
  return open;
}

/** Whether a machine is missed just now, for whatever reason. One that has never run is not. */
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
