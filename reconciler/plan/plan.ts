// Blueprint × Observed → ordered Actions. Pure: the same input gives a byte-identical plan on a laptop and on a boot
// server.
import type { Blueprint } from '../../renderers/blueprint.ts';
import type { Digest } from '../../schema/canonical.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { RackObject } from '../../schema/types/rack-object.ts';
import type { Action, FailureDomains, Gate, Reason } from './action.ts';
import { diffMachine } from './diff.ts';
import { type MachineState, machineState } from './machine-state.ts';
import type { Observed } from './observed.ts';
import type { Origin } from './origin.ts';
import { haltReason, restartGates } from './waves.ts';

export interface PlanInput {
  /** The generation in force; null before the first. */
  readonly base: { readonly generation: number; readonly blueprint: Blueprint } | null;
  /** What the site repo asks for. */
  readonly target: { readonly blueprint: Blueprint; readonly commit: string };
  readonly observed: Observed;
  /** Older blueprints that machines may still run, newest first: their difference to the target is the reason. */
  readonly history: readonly Blueprint[];
  readonly origin: Origin;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Something that the site repo asks for and that is not done: it would destroy. */
export interface Refusal {
  readonly rule: string;
  readonly serial: string;
  readonly message: string;
  readonly hint: string;
}

export interface Plan {
  /** The generation that the plan leads to. */
  readonly generation: number;
  readonly baseGeneration: number | null;
  readonly root: Digest;
  readonly commit: string;
  /** In the order in which they are carried out. */
  readonly actions: readonly Action[];
  readonly refusals: readonly Refusal[];
  /** Machines that an operation is waiting for. */
  readonly underWay: readonly string[];
  /** Why the roll-out stands still, if it does. */
  readonly halted: string | null;
  /** Machines that nothing is done to, by the reason why not. */
  readonly untouched: readonly { readonly reason: string; readonly machines: readonly string[] }[];
}

export function plan(input: PlanInput): Plan {
  const { base, target, observed, now } = input;
  const { blueprint } = target;
  const publishes = base?.blueprint.root !== blueprint.root;
  const generation = (base?.generation ?? 0) + (publishes ? 1 : 0);
  const refusals = base ? refuseRemovals(base.blueprint, blueprint, observed) : [];
  const { deadlineSeconds } = blueprint.site.rollout;
  const machines = [...blueprint.machines.values()].map((machine) => {
    const { serial } = machine;
    const operation = observed.operations.get(serial);
    return { machine, state: machineState(machine, observed.machines.get(serial), operation, deadlineSeconds, now) };
  });
  const before = entryGate(input, publishes, generation, refusals);
  const proven = machines.filter(
    ({ machine, state }) =>
      state.state === 'settled' && observed.machines.get(machine.serial)?.generation === generation,
  ).length;
  const gates = restartGates({ policy: blueprint.site.rollout, machines, proven });
  const actions: Action[] = [];
  if (publishes) actions.push(publishAction(input, generation, refusals));
  const powered: Action[] = [];
  for (const { machine, state } of machines) {
    const action = machineAction(input, machine, state, generation, before ?? gates.get(machine.serial));
    if (action?.kind === 'finish') actions.push(action);
    else if (action) powered.push(action);
  }
  powered.sort((a, b) => Number(a.kind === 'restart') - Number(b.kind === 'restart'));
  return {
    generation,
    baseGeneration: base?.generation ?? null,
    root: blueprint.root,
    commit: target.commit,
    actions: [...actions, ...powered],
    refusals,
    underWay: machines
      .filter(({ state }) => state.state === 'working' || state.state === 'failed')
      .map(({ machine }) => machine.serial),
    halted: haltReason(machines),
    untouched: untouched(base?.blueprint ?? null, blueprint, machines),
  };
}

/** A machine that has run is not forgotten because its lines are gone: that would leave it running, unseen. */
function refuseRemovals(base: Blueprint, target: Blueprint, observed: Observed): Refusal[] {
  const refusals: Refusal[] = [];
  for (const machine of base.machines.values()) {
    if (target.machines.has(machine.serial) || !observed.machines.has(machine.serial)) continue;
    refusals.push({
      rule: 'BERTH-901',
      serial: machine.serial,
      message: `${machine.name} (${machine.serial}) runs, but racks/${machine.rack}.yaml no longer lists it`,
      hint: 'removing its lines does not retire a machine: put them back',
    });
  }
  return refusals;
}

/** The gate before all work on machines: the generation must be published, and boot servers must serve it. */
function entryGate(
  input: PlanInput,
  publishes: boolean,
  generation: number,
  refusals: readonly Refusal[],
): Gate | null {
  if (refusals.length > 0) return { open: false, code: 'refused', waitsFor: refusalText(refusals) };
  if (publishes) return { open: false, code: 'publish', waitsFor: `generation ${generation} is published first` };
  const joined = input.target.blueprint.site.servers.filter((server) => server.joined);
  const alive = joined.flatMap(({ name }) => input.observed.servers.get(name) ?? []);
  const behind = alive.find((server) => server.generation !== generation);
  if (behind) {
    const why = behind.refused === undefined ? '' : `: ${behind.refused}`;
    return { open: false, code: 'servers', waitsFor: `${behind.name} serves generation ${behind.generation}${why}` };
  }
  if (alive.length > 0) return null;
  return { open: false, code: 'servers', waitsFor: `no boot server serves generation ${generation}` };
}

function refusalText(refusals: readonly Refusal[]): string {
  return `refused: ${refusals[0]?.message ?? ''}${refusals.length > 1 ? `, and ${refusals.length - 1} more` : ''}`;
}

function publishAction(input: PlanInput, generation: number, refusals: readonly Refusal[]): Action {
  const gate: Gate =
    refusals.length > 0 ? { open: false, code: 'refused', waitsFor: refusalText(refusals) } : { open: true };
  return {
    kind: 'publish',
    generation,
    disruption: 'none',
    gate,
    doneWhen: `target names generation ${generation}`,
    root: input.target.blueprint.root,
    parent: input.base?.blueprint.root ?? null,
    commit: input.target.commit,
  };
}

function machineAction(
  input: PlanInput,
  machine: MachineObject,
  state: MachineState,
  generation: number,
  gate: Gate = { open: true },
): Action | null {
  const rack = input.target.blueprint.racks.get(machine.rack);
  const common = {
    generation,
    serial: machine.serial,
    name: machine.name,
    domains: domainsOf(machine, rack),
    bmcAddress: machine.bmc.address,
    bootDigest: machine.bootDigest,
    doneWhen: `${machine.serial} reports that it runs ${machine.bootDigest.slice(0, 12)}`,
  };
  const bootIdBefore = input.observed.machines.get(machine.serial)?.bootId ?? null;
  switch (state.state) {
    case 'unseen':
      return {
        ...common,
        kind: 'provision',
        disruption: 'none',
        gate,
        bootIdBefore: null,
        reasons: [{ field: 'machine', from: null, to: 'declared', place: input.origin(machine.serial, 'rack') }],
      };
    case 'outdated':
      return {
        ...common,
        kind: 'restart',
        disruption: 'reboot',
        gate,
        bootIdBefore,
        reasons: reasonsFor(input, machine),
      };
    case 'working': {
      // Begun, but power was not asked for yet: the server that began it may have died in between.
      if (state.started) return null;
      const resumed = { ...common, gate: { open: true }, reasons: reasonsFor(input, machine) } as const;
      return state.operation.kind === 'restart'
        ? { ...resumed, kind: 'restart', disruption: 'reboot', bootIdBefore: state.operation.bootIdBefore }
        : { ...resumed, kind: 'provision', disruption: 'none', bootIdBefore: null };
    }
    case 'finished':
      return {
        kind: 'finish',
        generation,
        disruption: 'none',
        gate: { open: true },
        doneWhen: `no operation on ${machine.serial} is recorded`,
        serial: machine.serial,
        name: machine.name,
        operation: state.operation,
      };
    case 'settled':
    case 'failed':
    case 'away':
      return null;
  }
}

function domainsOf(machine: MachineObject, rack: RackObject | undefined): FailureDomains {
  const tors = machine.links.map(({ tor }) => tor);
  return { rack: machine.rack, tors, powerFeed: rack?.powerFeed ?? '', role: machine.role };
}

/** What changed between the configuration that the machine runs and the one that it should run. */
function reasonsFor(input: PlanInput, machine: MachineObject): readonly Reason[] {
  const running = input.observed.machines.get(machine.serial)?.bootDigest;
  const known = input.base ? [input.base.blueprint, ...input.history] : input.history;
  const source = known.find(({ machines }) => machines.get(machine.serial)?.bootDigest === running);
  const changes = source ? diffMachine(source, input.target.blueprint, machine.serial) : [];
  if (changes.length === 0) {
    const from = running?.slice(0, 12) ?? null;
    return [{ field: 'bootDigest', from, to: machine.bootDigest.slice(0, 12), place: null }];
  }
  return changes.map((change) => ({ ...change, place: input.origin(machine.serial, change.field) }));
}

/** A machine whose object has the same digest in its rack as before is the same in every respect. */
function untouched(
  base: Blueprint | null,
  target: Blueprint,
  machines: readonly { readonly machine: MachineObject; readonly state: MachineState }[],
): Plan['untouched'] {
  const same: string[] = [];
  const changed: string[] = [];
  for (const { machine, state } of machines) {
    if (state.state !== 'settled') continue;
    const { rack, serial } = machine;
    const before = base?.racks.get(rack)?.machines[serial];
    const differs = before !== undefined && before !== target.racks.get(rack)?.machines[serial];
    (differs ? changed : same).push(serial);
  }
  const groups = [
    { reason: 'nothing that they boot from changed', machines: same },
    { reason: 'what changed takes no restart', machines: changed },
  ];
  return groups.filter((group) => group.machines.length > 0);
}
