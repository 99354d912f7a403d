// Roll-outs by chance, over many sites and policies: whatever happens, no more is taken down than the policy allows,
// and when everything works again, everything runs what it should.
//
// A failing seed prints itself; BERTH_SEED=<seed> runs it alone.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PowerAction } from '../../../reconciler/plan/action.ts';
import type { Plan } from '../../../reconciler/plan/plan.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import { Random } from './random.ts';
import { World, zone } from './world.ts';

const seeds = process.env.BERTH_SEED
  ? [Number(process.env.BERTH_SEED)]
  : Array.from({ length: 250 }, (_, index) => index + 1);
const steps = 150;

/** How often something happened that the rules are about, so that they are seen to be tried. */
const seen = { restarts: 0, held: new Map<string, number>(), halts: 0, resumed: 0, finished: 0 };

function simulate(seed: number): void {
  const world = new World(new Random(seed));
  for (let step = 0; step < steps; step++) {
    carryOut(world, world.plan(), () => world.random.chance(0.8));
    world.go();
  }
  settle(world);
}

/** Start what is open, in the order of the plan, each after a look at the rules. */
function carryOut(world: World, plan: Plan, starts: () => boolean): void {
  if (plan.halted !== null) seen.halts++;
  const racks = recordedRacks(world);
  const begun = new Set([...world.operations.values()].filter(({ attempts }) => attempts > 0));
  for (const action of plan.actions) {
    if (!action.gate.open) {
      seen.held.set(action.gate.code, (seen.held.get(action.gate.code) ?? 0) + 1);
      continue;
    }
    if (!starts()) continue;
    switch (action.kind) {
      case 'publish':
        world.publish(action);
        // The rest of the plan was made for the generation before, and is closed.
        continue;
      case 'finish':
        seen.finished++;
        world.finish(action);
        continue;
      case 'provision':
        checkServed(world, action);
        world.power(action);
        continue;
      case 'restart':
        checkServed(world, action);
        if (world.operations.has(action.serial)) checkResumed(world, action, begun);
        else checkRestart(world, action, racks);
        world.power(action);
    }
  }
}

/** Every boot server that is alive serves what the machine is to boot. */
function checkServed(world: World, { serial }: PowerAction): void {
  const alive = ['boot-0', 'boot-1'].flatMap((name) => world.alive.get(name) ?? []);
  assert.ok(alive.length > 0, `${serial} is powered while no boot server is alive`);
  for (const { name, root } of alive) {
    assert.is(root, world.wanted.root, `${serial} is powered while ${name} serves something else`);
  }
}

/** @param racks where restarts were recorded when that was planned, and where some were begun since */
function checkRestart(world: World, { serial }: PowerAction, racks: Set<string>): void {
  const machine = machineOf(world, serial);
  const { policy, restarts } = factsOf(world);
  seen.restarts++;

  const observed = world.machines.get(serial);
  assert.is(observed?.phase, 'running', `${serial} is restarted while it does not run`);
  assert.is.not(observed?.bootDigest, machine.bootDigest, `${serial} is restarted though it runs what it should`);

  const failed = restarts.filter(({ halts }) => halts);
  assert.equal(
    failed.map((restart) => restart.machine.serial),
    [],
    `${serial} is restarted after a failure`,
  );

  const inRack = [...world.wanted.machines.values()].filter((other) => other.rack === machine.rack);
  const missing = inRack.filter((other) => isMissing(world, other)).map((other) => other.serial);
  const text = `${serial} is restarted while ${missing} are away`;
  assert.ok(missing.length < policy.maxUnavailablePerRack, text);

  const allowed = Math.max(policy.racksAtOnce, racks.size);
  racks.add(machine.rack);
  assert.ok(racks.size <= allowed, `${serial} is restarted: that makes ${[...racks]} at once`);

  checkTime(world, machine);
  checkBudgets(world, machine);
  checkWaves(world, machine);
  checkSoak(world, machine);

  const proven = provenBy(world).length;
  const others = restarts
    .filter(({ isBack, late, isMoot }) => !isBack && !late && !isMoot)
    .map((restart) => restart.machine.serial);
  const alone = others.length === 0 || proven >= policy.canaries;
  assert.ok(alone, `${serial} is restarted beside ${others} with ${proven} of ${policy.canaries} canaries back`);
}

/** A restart that was recorded and not begun goes on. @param begun operations that had begun when that was planned */
function checkResumed(world: World, { serial }: PowerAction, begun: ReadonlySet<Operation>): void {
  seen.resumed++;
  const { restarts } = factsOf(world);
  const failed = restarts.filter(({ halts, operation }) => halts && begun.has(operation));
  assert.equal(
    failed.map(({ machine }) => machine.serial),
    [],
    `${serial} is restarted after a failure`,
  );
  const operation = world.operations.get(serial);
  assert.is(operation?.bootDigest, machineOf(world, serial).bootDigest, `${serial} is restarted into the past`);
  checkTime(world, machineOf(world, serial));
}

/** Inside a window of its role, if there is any, and in no freeze. */
function checkTime(world: World, { serial, role }: MachineObject): void {
  const { windows = [], freezes = [] } = world.wanted.site.rollout;
  const wall = new Date(world.now + zone.offsetMs).toISOString().slice(0, 16);
  const time = wall.slice(11);
  const isFor = ({ roles }: { roles?: readonly string[] }): boolean => roles === undefined || roles.includes(role);
  // The windows of this world open every day.
  const open = windows.filter(isFor).map(({ from, to }) => {
    return from < to ? from <= time && time < to : time >= from || time < to;
  });
  assert.ok(open.length === 0 || open.includes(true), `${serial} is restarted at ${wall}, outside of its window`);
  const frozen = freezes.filter(isFor).filter(({ from, to }) => from <= wall && wall < to);
  assert.equal(frozen, [], `${serial} is restarted at ${wall}, in a freeze`);
}

/** No failure domain has more machines away than it can spare. */
function checkBudgets(world: World, { serial, role, rack }: MachineObject): void {
  const { budgets } = world.wanted.site.rollout;
  if (!budgets) return;
  const feedOf = (name: string) => world.wanted.racks.get(name)?.powerFeed;
  const missing = [...world.wanted.machines.values()].filter((other) => isMissing(world, other));
  const check = (limit: number | undefined, away: readonly MachineObject[], domain: string): void => {
    const names = away.map((other) => other.serial).join(', ');
    assert.ok(
      limit === undefined || away.length < limit,
      `${serial} is restarted while ${names} of ${domain} are away`,
    );
  };
  check(budgets.site, missing, 'the site');
  check(
    budgets.powerFeed,
    missing.filter((other) => feedOf(other.rack) === feedOf(rack)),
    'its power feed',
  );
  check(
    budgets.roles?.[role],
    missing.filter((other) => other.role === role),
    'its role',
  );
}

/** Of the one wave that there may be, nothing is left to restart before others follow, and it has run for a while. */
function checkWaves(world: World, machine: MachineObject): void {
  const { waves: [wave] = [], soakSeconds = 0 } = world.wanted.site.rollout;
  if (!wave) return;
  const isFirst = ({ role, rack, serial }: MachineObject): boolean =>
    (wave.roles?.includes(role) ?? true) &&
    (wave.racks?.includes(rack) ?? true) &&
    (wave.machines?.includes(serial) ?? true);
  if (isFirst(machine)) return;
  const first = [...world.wanted.machines.values()].filter(isFirst);
  const waits = waitsForRestart(world);
  const left = first.filter(waits).map((other) => other.serial);
  assert.equal(left, [], `${machine.serial} is restarted before its wave`);
  const concerned = new Set(concernedBy(world).map((other) => other.serial));
  const fresh = first.filter((other) => {
    const report = world.machines.get(other.serial);
    const runs = report?.phase === 'running' && report.bootDigest === other.bootDigest;
    return runs && concerned.has(other.serial) && world.now < upSince(report) + soakSeconds * 1000;
  });
  assert.equal(
    fresh.map((other) => other.serial),
    [],
    `${machine.serial} is restarted before the first wave has soaked`,
  );
}

/** The canaries have run for a while, before anything that is none of them. */
function checkSoak(world: World, { serial }: MachineObject): void {
  const { canaries, soakSeconds } = world.wanted.site.rollout;
  if (soakSeconds === undefined || canaries === 0) return;
  const standing = provenBy(world).flatMap((machine) => {
    const report = world.machines.get(machine.serial);
    const runs = report?.phase === 'running' && report.generation === world.generation;
    return runs && report.bootDigest === machine.bootDigest ? [upSince(report)] : [];
  });
  const soaked = standing.filter((since) => since + soakSeconds * 1000 <= world.now);
  const text = `${serial} is restarted with ${soaked.length} of ${standing.length} canaries soaked`;
  assert.ok(standing.length < canaries || soaked.length >= canaries, text);
}

function upSince({ since, at }: ObservedMachine): number {
  return Date.parse(since ?? at);
}

interface Restart {
  readonly machine: MachineObject;
  readonly operation: Operation;
  /** It has reported from another boot. */
  readonly isBack: boolean;
  readonly late: boolean;
  /** It failed, and what it was to boot is still wanted. */
  readonly halts: boolean;
  /** It was never begun, and something else is wanted by now. */
  readonly isMoot: boolean;
  /** It failed in its time, and something else is wanted by now. */
  readonly givenUp: boolean;
}

/** The recorded restarts, and what the facts say of them. */
function factsOf(world: World): { policy: typeof world.wanted.site.rollout; restarts: readonly Restart[] } {
  const policy = world.wanted.site.rollout;
  const restarts = [...world.operations.values()]
    .filter(({ kind }) => kind === 'restart')
    .map((operation) => {
      const machine = machineOf(world, operation.serial);
      const observed = world.machines.get(operation.serial);
      const isBack = observed?.phase === 'running' && observed.bootId !== operation.bootIdBefore;
      const isPast = world.now > Date.parse(operation.since) + policy.deadlineSeconds * 1000;
      const late = isPast && !isBack;
      const wanted = operation.bootDigest === machine.bootDigest;
      const strays = isBack && operation.attempts > 0 && observed.bootDigest !== machine.bootDigest;
      const halts = wanted && (late || strays);
      const isMoot = operation.attempts === 0 && !wanted;
      return { machine, operation, isBack, late, halts, isMoot, givenUp: isPast && !wanted };
    });
  return { policy, restarts };
}

/** Where a restart is on record, but for those that were given up and are still away. */
function recordedRacks(world: World): Set<string> {
  const { restarts } = factsOf(world);
  return new Set(restarts.filter(({ givenUp, isBack }) => !givenUp || isBack).map(({ machine }) => machine.rack));
}

/** It has run, and is not there now, or is about to go. */
function isMissing(world: World, { serial }: MachineObject): boolean {
  const observed = world.machines.get(serial);
  const operation = world.operations.get(serial);
  if (!operation) return observed !== undefined && observed.phase !== 'running';
  if (operation.kind === 'provision') return false;
  // One that was not begun, and is not wanted any more, is there.
  const moot = operation.attempts === 0 && operation.bootDigest !== machineOf(world, serial).bootDigest;
  return !moot && (observed?.phase !== 'running' || observed.bootId === operation.bootIdBefore);
}

/** Machines that have come up with what is new in the generation in force; at most, for some may have gone since. */
function provenBy(world: World): readonly MachineObject[] {
  const arrived = world.arrived.get(world.generation) ?? new Set();
  return concernedBy(world).filter(({ serial }) => arrived.has(serial));
}

/** Machines that say something about what is new: those that it changes, as long as one of them has still to restart. */
function concernedBy(world: World): readonly MachineObject[] {
  const before = world.generations.at(-2);
  const all = [...world.wanted.machines.values()];
  const changed = all.filter(
    (machine) => before !== undefined && before.machines.get(machine.serial)?.bootDigest !== machine.bootDigest,
  );
  return changed.some(waitsForRestart(world)) ? changed : all;
}

/** Whether a machine is to restart, or is on its way. */
function waitsForRestart(world: World): (machine: MachineObject) => boolean {
  const restarts = new Map(factsOf(world).restarts.map((restart) => [restart.operation.serial, restart]));
  return ({ serial, bootDigest }) => {
    const restart = restarts.get(serial);
    if (restart) return !restart.isBack && !restart.late;
    const observed = world.machines.get(serial);
    return observed?.phase === 'running' && observed.bootDigest !== bootDigest && !world.operations.has(serial);
  };
}

function machineOf(world: World, serial: string): MachineObject {
  const machine = world.wanted.machines.get(serial);
  if (!machine) throw new Error(`no machine ${serial}`);
  return machine;
}

/** With everything working, it takes a bounded number of rounds until there is nothing left to do. */
function settle(world: World): void {
  world.calm = true;
  const rounds = 60 * (world.wanted.machines.size + 2);
  for (let round = 0; round < rounds; round++) {
    const plan = world.plan();
    if (isDone(world, plan)) return;
    carryOut(world, plan, () => true);
    world.go();
    world.repair();
    // Until a window opens nothing happens.
    if (plan.actions.every(({ gate }) => !gate.open)) world.wait(10);
  }
  const { actions, underWay, away, halted } = world.plan();
  throw new Error(`not settled: ${JSON.stringify({ actions, underWay, away, halted })}`);
}

function isDone(world: World, plan: Plan): boolean {
  if (plan.actions.length + plan.underWay.length + plan.away.length > 0) return false;
  assert.is(plan.halted, null);
  assert.is(world.operations.size, 0);
  for (const { serial, bootDigest } of world.wanted.machines.values()) {
    assert.is(world.machines.get(serial)?.bootDigest, bootDigest, `${serial} runs what it should at the end`);
  }
  return true;
}

test('no roll-out breaks its policy, and all of them end', () => {
  for (const seed of seeds) {
    try {
      simulate(seed);
    } catch (error) {
      console.log(`\nBERTH_SEED=${seed} npx tsx test/reconciler/plan/simulation.test.ts`);
      throw error;
    }
  }
});

test('every rule was tried', () => {
  if (seeds.length < 100) return;
  assert.ok(seen.restarts > 1000, `${seen.restarts} restarts`);
  assert.ok(seen.resumed > 100, `${seen.resumed} resumed restarts`);
  assert.ok(seen.finished > 1000, `${seen.finished} finished operations`);
  assert.ok(seen.halts > 100, `${seen.halts} plans that were halted`);
  for (const code of ['publish', 'servers', 'halted', 'canary', 'rack', 'budget', 'window', 'freeze', 'wave', 'soak']) {
    const held = seen.held.get(code) ?? 0;
    assert.ok(held > 100, `${held} actions were held back by ${code}`);
  }
});

test.run();
