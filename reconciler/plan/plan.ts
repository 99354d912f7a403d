// Blueprint × Observed → ordered Actions. Pure: the same input gives a byte-identical plan on a laptop and on a boot
// server.
import type { Blueprint } from '../../renderers/blueprint.ts';
import type { Digest } from '../../schema/canonical.ts';
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { Operation } from '../../schema/types/operation.ts';
import type { Action, FinishAction, Gate, PublishAction, Reason } from './action.ts';
import { Alike } from './alike.ts';
import { diffMachine, isBooted } from './diff/machine.ts';
import { diffSite } from './diff/site.ts';
import { groupBy } from './group-by.ts';
import { finishAction, machineAction, placed } from './machine-action.ts';
import { type MachineState, machineState } from './machine-state.ts';
import type { Observed } from './observed.ts';
import type { Origin } from './origin.ts';
import { haltReason, restartGates } from './policy/gates.ts';
import { proofOf, runsSince } from './policy/proof.ts';
import { restartTimes } from './policy/times.ts';
import { type Refusal, refuseRemovals } from './removals.ts';

export interface PlanInput {
  /** The generation in force; null before the first. */
  readonly base: { readonly generation: number; readonly blueprint: Blueprint } | null;
  /** What the site repo asks for. */
  readonly target: { readonly blueprint: Blueprint; readonly commit: string };
  readonly observed: Observed;
  /** Blueprints before the base, newest first, for machines that still run them; the first is the one before it. */
  readonly history: readonly Blueprint[];
  readonly origin: Origin;
  /** Why nothing is to be begun, whatever there is to do; what has begun is finished all the same. */
  readonly held?: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A machine that an operation waits for: power was asked for. */
export interface UnderWay {
  readonly serial: string;
  readonly name: string;
  readonly kind: Operation['kind'];
  readonly since: string;
  /** Why it is not to be expected back by itself; null while it is. */
  readonly failed: string | null;
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
  readonly underWay: readonly UnderWay[];
  /** Machines that boot on their own. */
  readonly away: readonly { readonly serial: string; readonly name: string }[];
  /** Why the roll-out stands still, if it does. */
  readonly halted: string | null;
  /** Machines for which something changes that takes no restart. They are among the untouched. */
  readonly live: readonly { readonly serial: string; readonly name: string; readonly reasons: readonly Reason[] }[];
  /** Machines that nothing is done to, by the reason why not. */
  readonly untouched: readonly { readonly reason: string; readonly machines: readonly string[] }[];
}

/** A machine of the target, what it last reported, and what follows from it. */
interface Judged {
  readonly machine: MachineObject;
  readonly state: MachineState;
  /** Since when it says what it says now, in milliseconds since 1970; null for one that has never reported. */
  readonly since: number | null;
}

export function plan(input: PlanInput): Plan {
  const { base, target, observed, history, origin } = input;
  const { blueprint } = target;
  const publishes = base?.blueprint.root !== blueprint.root;
  const generation = (base?.generation ?? 0) + (publishes ? 1 : 0);
  const { rollout } = blueprint.site;
  const machines = judge(input);
  const refusals = base ? refuseRemovals(base.blueprint, blueprint, observed, origin) : [];
  const before = entryGate(input, publishes, generation, refusals);
  const powerFeedOf = (rack: string): string => blueprint.racks.get(rack)?.powerFeed ?? '';
  const gatesInTurn = (): ReadonlyMap<string, Gate> => {
    const proof = proofOf({ generation, machines, observed, before: history[0] });
    return restartGates({ policy: rollout, machines, proof, powerFeedOf, now: input.now });
  };
  // Where all work waits, nobody's turn matters.
  const gates = before ? null : gatesInTurn();
  const known = base ? [base.blueprint, ...history] : history;
  const alike = new Alike(powerFeedOf);
  const actionInput = { generation, target: blueprint, known, observed, origin, alike };

  const finishes: Action[] = forgotten(input, generation);
  const firstBoots: Action[] = [];
  const restarts: Action[] = [];
  for (const { machine, state } of machines) {
    const gate = before ?? gates?.get(machine.serial) ?? { open: true };
    const action = machineAction(actionInput, machine, state, gate);
    if (action?.kind === 'finish') finishes.push(action);
    else if (action) (action.kind === 'provision' ? firstBoots : restarts).push(action);
  }
  const live = publishes && base ? liveChanges(base.blueprint, blueprint, machines, origin, alike) : [];
  return {
    generation,
    baseGeneration: base?.generation ?? null,
    root: blueprint.root,
    commit: target.commit,
    actions: [
      ...(publishes ? [publishAction(input, generation, refusals)] : []),
      ...finishes,
      ...firstBoots,
      ...restarts,
    ],
    refusals,
    underWay: machines.flatMap(underWay),
    away: machines
      .filter(({ state }) => state.state === 'away')
      .map(({ machine: { serial, name } }) => ({ serial, name })),
    halted: input.held ?? haltReason(machines),
    live,
    untouched: untouched(publishes ? (base?.blueprint ?? null) : null, machines, live),
  };
}

function judge({ target: { blueprint }, observed, now }: PlanInput): readonly Judged[] {
  const { deadlineSeconds } = blueprint.site.rollout;
  const times = restartTimes(blueprint.site.rollout, now);
  return [...blueprint.machines.values()].map((machine) => {
    const seen = observed.machines.get(machine.serial);
    const operation = observed.operations.get(machine.serial);
    const isCalledOff = operation !== undefined && times.isCalledOff(machine.role);
    const state = machineState(machine, seen, operation, deadlineSeconds, now, isCalledOff);
    return { machine, state, since: seen ? runsSince(seen) : null };
  });
}

/**
 * The gate before all work on machines: what asks for it must be relied on, the generation must be published, and boot
 * servers must serve it.
 */
function entryGate(
  input: PlanInput,
  publishes: boolean,
  generation: number,
  refusals: readonly Refusal[],
): Gate | null {
  if (input.held) return heldGate(input.held);
  const [refusal] = refusals;
  if (refusal) return { open: false, code: 'refused', waitsFor: refusalText(refusal) };
  if (publishes) return { open: false, code: 'publish', waitsFor: `generation ${generation} is published first` };
  const { site, root } = input.target.blueprint;
  const joined = site.servers.filter((server) => server.joined);
  const alive = joined.flatMap(({ name }) => input.observed.servers.get(name) ?? []);
  const behind = alive.find((server) => server.generation !== generation || server.root !== root);
  if (behind) {
    const served =
      behind.generation === generation ? `another generation ${generation}` : `generation ${behind.generation}`;
    const why = behind.refused === undefined ? '' : `: ${behind.refused}`;
    const waitsFor = `${behind.name} serves ${behind.generation === 0 ? 'nothing yet' : served}${why}`;
    return { open: false, code: 'servers', waitsFor };
  }
  if (alive.length > 0) return null;
  return { open: false, code: 'servers', waitsFor: `no boot server serves generation ${generation}` };
}

function heldGate(why: string): Gate {
  return { open: false, code: 'halted', waitsFor: why };
}

function refusalText({ rule }: Refusal): string {
  return `${rule} is put right first`;
}

function publishAction(input: PlanInput, generation: number, refusals: readonly Refusal[]): PublishAction {
  const { base, target, origin } = input;
  const [refusal] = refusals;
  const changes = base ? diffSite(base.blueprint, target.blueprint) : [];
  const refused: Gate | null = refusal ? { open: false, code: 'refused', waitsFor: refusalText(refusal) } : null;
  return {
    kind: 'publish',
    generation,
    disruption: 'none',
    gate: input.held ? heldGate(input.held) : (refused ?? { open: true }),
    doneWhen: `target names generation ${generation}`,
    root: target.blueprint.root,
    parent: base?.blueprint.root ?? null,
    commit: target.commit,
    changes: placed(changes, null, origin),
  };
}

/** Operations on machines that are no longer declared, once the generation without them is in force. */
function forgotten({ base, target, observed }: PlanInput, generation: number): FinishAction[] {
  if (base?.blueprint.root !== target.blueprint.root) return [];
  return [...observed.operations.values()]
    .filter(({ serial }) => !target.blueprint.machines.has(serial))
    .sort((a, b) => (a.serial < b.serial ? -1 : 1))
    .map((operation) => finishAction(generation, operation.serial, operation, 'undeclared'));
}

function underWay({ machine: { serial, name }, state }: Judged): UnderWay[] {
  if ((state.state !== 'working' && state.state !== 'failed') || !state.started) return [];
  const { kind, since } = state.operation;
  return [{ serial, name, kind, since, failed: state.state === 'failed' ? state.why : null }];
}

/** Machines that change and go on running, since they boot what they did or run what they are to boot already. */
function liveChanges(
  base: Blueprint,
  target: Blueprint,
  machines: readonly Judged[],
  origin: Origin,
  alike: Alike,
): Plan['live'] {
  return machines.flatMap(({ machine: { serial, name, rack, role, bootDigest }, state }) => {
    const before = base.machines.get(serial);
    if (state.state !== 'settled' || !before) return [];
    // One whose object has the same digest as before is the same in all.
    if (base.racks.get(rack)?.machines[serial] === target.racks.get(rack)?.machines[serial]) return [];
    const bootsTheSame = before.bootDigest === bootDigest;
    const changes = diffMachine(base, target, serial).filter(({ field }) => bootsTheSame || !isBooted(field));
    if (changes.length === 0) return [];
    return [{ serial, name, reasons: alike.reasons(role, placed(changes, serial, origin)) }];
  });
}

/** @param before the blueprint that is replaced; null when none is */
function untouched(before: Blueprint | null, machines: readonly Judged[], live: Plan['live']): Plan['untouched'] {
  const liveSerials = new Set(live.map(({ serial }) => serial));
  const settled = machines.filter(({ state }) => state.state === 'settled');
  const groups = groupBy(settled, ({ machine }) => whyUntouched(machine, before, liveSerials));
  return [...groups].map(([reason, group]) => ({ reason, machines: group.map(({ machine }) => machine.serial) }));
}

function whyUntouched(machine: MachineObject, before: Blueprint | null, live: ReadonlySet<string>): string {
  if (live.has(machine.serial)) return 'what changed takes no restart';
  if (before === null) return 'they run what they should';
  const bootsTheSame = before.machines.get(machine.serial)?.bootDigest === machine.bootDigest;
  return bootsTheSame ? 'nothing that they boot from changed' : 'they run that already';
}
