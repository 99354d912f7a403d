// The whole planner, as a pure function.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action, Gate, PowerAction } from '../../../reconciler/plan/action.ts';
import type { Observed } from '../../../reconciler/plan/observed.ts';
import { originsOf } from '../../../reconciler/plan/origin.ts';
import { type Plan, type PlanInput, plan } from '../../../reconciler/plan/plan.ts';
import { type Blueprint, readBlueprint } from '../../../renderers/blueprint.ts';
import { decodeObject } from '../../../schema/state/blueprint-object.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { ObservedServer } from '../../../schema/types/observed-server.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import { example, exampleFiles, exampleWith, textAt } from './example.ts';
import { blueprintOf, bootDigest, type Racks, reportOf, restartOf, serversAt, since } from './racks.ts';
import { Random } from './random.ts';

const racks = { r0: ['A', 'B'], r1: ['C', 'D'] };
const old = blueprintOf({ racks });
const renewed = blueprintOf({ racks, config: () => 'new' });
const commit = 'c'.repeat(40);

/** Every machine of a blueprint runs it. */
function running({ machines }: Blueprint): Map<string, ObservedMachine> {
  return new Map([...machines.values()].map((machine) => [machine.serial, reportOf(machine)]));
}

interface World {
  readonly base?: Blueprint | null;
  readonly target?: Blueprint;
  readonly machines?: ReadonlyMap<string, ObservedMachine>;
  readonly operations?: readonly Operation[];
  readonly servers?: ReadonlyMap<string, ObservedServer>;
  readonly history?: readonly Blueprint[];
  readonly now?: number;
  readonly origin?: PlanInput['origin'];
  readonly held?: string;
}

/** A plan for generation 2, `renewed`, in force and served; everything else is said. */
function planOf(world: World = {}): Plan {
  const base = world.base === undefined ? renewed : world.base;
  const target = world.target ?? base ?? renewed;
  return plan({
    base: base && { generation: 2, blueprint: base },
    target: { blueprint: target, commit },
    observed: {
      machines: world.machines ?? running(old),
      operations: new Map((world.operations ?? []).map((operation) => [operation.serial, operation])),
      servers: world.servers ?? serversAt(['boot-0', 'boot-1'], target, 2),
    },
    history: world.history ?? [old],
    origin: world.origin ?? (() => null),
    held: world.held ?? null,
    now: world.now ?? since + 1000,
  });
}

/** `kind name` of each action, with `!` before what is open. */
function outline({ actions }: Plan): string[] {
  return actions.map((action) => {
    const subject = action.kind === 'publish' ? action.generation : action.serial;
    return `${action.gate.open ? '!' : ''}${action.kind} ${subject}`;
  });
}

function actionOf<K extends Action['kind']>({ actions }: Plan, kind: K, serial?: string): Extract<Action, { kind: K }> {
  const found = actions.find(
    (action) => action.kind === kind && (!serial || ('serial' in action && action.serial === serial)),
  );
  if (!found) throw new Error(`the plan has no ${kind} ${serial ?? ''}`);
  return found as Extract<Action, { kind: K }>;
}

function waitsFor(gate: Gate): string {
  return gate.open ? 'nothing' : `${gate.code}: ${gate.waitsFor}`;
}

const machineOf = ({ machines }: Blueprint, serial: string) => {
  const machine = machines.get(serial);
  if (!machine) throw new Error(`no machine ${serial}`);
  return machine;
};

// --- The same input gives the same plan.

test('the same input gives the same bytes, in whatever order facts came', () => {
  const renewedExample = exampleWith(['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1']);
  const machines = [...example.blueprint.machines.values()];
  const operations = machines.slice(3, 9).map((machine) => restartOf(machine, { attempts: 0, bootIdBefore: 'boot-0' }));
  const input = (random: Random): PlanInput => ({
    base: { generation: 1, blueprint: example.blueprint },
    target: { blueprint: renewedExample.blueprint, commit },
    observed: {
      machines: new Map(random.shuffled(machines.slice(0, 20)).map((machine) => [machine.serial, reportOf(machine)])),
      operations: new Map(random.shuffled(operations).map((operation) => [operation.serial, operation])),
      servers: new Map(random.shuffled(serversAt(['boot-0', 'boot-1', 'boot-2'], example.blueprint, 1))),
    },
    history: [],
    origin: originsOf(renewedExample.site),
    now: since,
  });
  const first = JSON.stringify(plan(input(new Random(1))));
  assert.ok(first.length > 10_000);
  for (let seed = 2; seed < 10; seed++) assert.is(JSON.stringify(plan(input(new Random(seed)))), first);
});

test('a blueprint read from the store gives the same plan as the compiled one', async () => {
  const renewedExample = exampleWith(['site.yaml', 'ntp: [10.69.0.3,', 'ntp: [10.69.0.4,']);
  const stored = async ({ blueprint, objects }: typeof example): Promise<Blueprint> => {
    return readBlueprint(blueprint.root, async (digests) => {
      return new Map(digests.map((digest) => [digest, decodeObject(digest, objects.get(digest) ?? '')]));
    });
  };
  const observed: Observed = { machines: running(example.blueprint), operations: new Map(), servers: new Map() };
  const planned = (base: Blueprint, target: Blueprint): string => {
    const origin = originsOf(renewedExample.site);
    const input = { observed, history: [], origin, now: since };
    return JSON.stringify(
      plan({ ...input, base: { generation: 1, blueprint: base }, target: { blueprint: target, commit } }),
    );
  };
  const here = planned(example.blueprint, renewedExample.blueprint);
  assert.ok(here.includes('"restart"'));
  assert.is(planned(await stored(example), await stored(renewedExample)), here);
});

// --- Publishing comes first.

test('a new blueprint is published before anything is done for it', () => {
  const made = planOf({ base: old, target: renewed, history: [] });
  assert.equal(outline(made), ['!publish 3', 'restart A', 'restart B', 'restart C', 'restart D']);
  const { root, parent, commit: from, generation } = actionOf(made, 'publish');
  assert.equal(
    { root, parent, from, generation },
    { root: renewed.root, parent: old.root, from: commit, generation: 3 },
  );
  assert.is(waitsFor(actionOf(made, 'restart').gate), 'publish: generation 3 is published first');
  assert.is(made.baseGeneration, 2);
});

test('the first generation of all has nothing before it', () => {
  const made = planOf({ base: null, target: renewed, machines: new Map(), history: [] });
  assert.equal(outline(made), ['!publish 1', 'provision A', 'provision B', 'provision C', 'provision D']);
  assert.is(actionOf(made, 'publish').parent, null);
  assert.is(made.baseGeneration, null);
});

test('when what is in force is what is asked for, nothing is published, whatever the commit is called', () => {
  const made = planOf({ machines: running(renewed) });
  assert.equal(outline(made), []);
  assert.is(made.generation, 2);
  assert.equal(made.untouched, [{ reason: 'they run what they should', machines: ['A', 'B', 'C', 'D'] }]);
});

// --- Boot servers must serve it.

const serverRows: readonly {
  readonly name: string;
  readonly servers: ReadonlyMap<string, ObservedServer>;
  readonly gate: string;
}[] = [
  { name: 'all serve it', servers: serversAt(['boot-0', 'boot-1'], renewed, 2), gate: 'nothing' },
  { name: 'a dead one does not matter', servers: serversAt(['boot-1'], renewed, 2), gate: 'nothing' },
  { name: 'none is alive', servers: new Map(), gate: 'servers: no boot server serves generation 2' },
  {
    name: 'one is behind',
    servers: new Map([...serversAt(['boot-0'], renewed, 2), ...serversAt(['boot-1'], old, 1)]),
    gate: 'servers: boot-1 serves generation 1',
  },
  {
    name: 'one has refused it',
    servers: new Map([
      ...serversAt(['boot-0'], renewed, 2),
      ...[...serversAt(['boot-1'], old, 1)].map(([name, server]) => [name, { ...server, refused: 'no disk' }] as const),
    ]),
    gate: 'servers: boot-1 serves generation 1: no disk',
  },
  {
    name: 'one serves nothing yet',
    servers: new Map([...serversAt(['boot-0'], renewed, 2), ...serversAt(['boot-1'], old, 0)]),
    gate: 'servers: boot-1 serves nothing yet',
  },
  {
    name: 'one serves another site under the same number',
    servers: serversAt(['boot-0'], old, 2),
    gate: 'servers: boot-0 serves another generation 2',
  },
  {
    name: 'one that has not joined is behind',
    servers: new Map([...serversAt(['boot-0'], renewed, 2), ...serversAt(['boot-2'], old, 1)]),
    gate: 'nothing',
  },
  {
    name: 'one that is not of the site is behind',
    servers: new Map([...serversAt(['boot-0'], renewed, 2), ...serversAt(['stray'], old, 1)]),
    gate: 'nothing',
  },
  {
    name: 'only one that has not joined serves it',
    servers: serversAt(['boot-2'], renewed, 2),
    gate: 'servers: no boot server serves generation 2',
  },
];

for (const { name, servers, gate } of serverRows) {
  test(`servers: ${name}`, () => {
    const machines = running(old);
    machines.delete('D');
    const made = planOf({ servers, machines });
    assert.is(waitsFor(actionOf(made, 'restart', 'A').gate), gate);
    assert.is(waitsFor(actionOf(made, 'provision', 'D').gate), gate);
  });
}

// --- Nothing that has run is forgotten.

const fewer = blueprintOf({ racks: { r0: ['A'], r1: ['C', 'D'] }, config: () => 'new' });

test('BERTH-901: a machine that has reported is not removed, and nothing else happens either', () => {
  const place = { file: 'racks/r0.yaml', line: 7, column: 1 };
  const asked: unknown[] = [];
  const origin = (serial: string | null, field: string) => {
    asked.push([serial, field]);
    return serial === null ? place : null;
  };
  const made = planOf({ base: renewed, target: fewer, origin });
  assert.equal(made.refusals, [
    {
      rule: 'BERTH-901',
      serial: 'B',
      message: 'r0-05 (B) has run, and racks/r0.yaml no longer lists it',
      hint: 'put its lines back with `retire: { reason: … }`, and remove them in a later commit',
      place,
    },
  ]);
  assert.equal(asked[0], [null, 'racks.r0.machines']);
  assert.equal(outline(made), ['publish 3', 'restart A', 'restart C', 'restart D']);
  for (const { gate } of made.actions) assert.is(waitsFor(gate), 'refused: BERTH-901 is put right first');
});

test('a machine that has retired in the generation in force is let go', () => {
  const machines = new Map(renewed.machines).set('B', { ...machineOf(renewed, 'B'), retire: { reason: 'worn out' } });
  const made = planOf({ base: { ...renewed, machines }, target: fewer });
  assert.equal(made.refusals, []);
  assert.equal(outline(made), ['!publish 3', 'restart A', 'restart C', 'restart D']);
});

test('a machine that has never reported is removed like any line', () => {
  const machines = running(old);
  machines.delete('B');
  const made = planOf({ base: renewed, target: fewer, machines });
  assert.equal(made.refusals, []);
  assert.equal(outline(made), ['!publish 3', 'restart A', 'restart C', 'restart D']);
});

test('what was to be done to a removed machine is forgotten, once the generation without it is in force', () => {
  const machines = running(fewer);
  const operations = [restartOf(machineOf(renewed, 'B'), { kind: 'provision', bootIdBefore: null })];
  assert.equal(outline(planOf({ base: renewed, target: fewer, machines, operations })), ['!publish 3']);
  const made = planOf({ base: fewer, machines, operations });
  assert.equal(outline(made), ['!finish B']);
  assert.is(actionOf(made, 'finish').because, 'no longer declared');
});

test('whatever order they come in', () => {
  const operations = ['Z', 'X', 'Y'].map((serial) => ({ ...restartOf(machineOf(renewed, 'B')), serial }));
  const machines = running(renewed);
  assert.equal(outline(planOf({ machines, operations })), ['!finish X', '!finish Y', '!finish Z']);
  assert.equal(outline(planOf({ machines, operations: [...operations].reverse() })), [
    '!finish X',
    '!finish Y',
    '!finish Z',
  ]);
});

test('a machine that moves to another rack is not removed', () => {
  const moved = blueprintOf({ racks: { r0: ['A'], r1: ['C', 'D', 'B'] } });
  assert.equal(planOf({ base: old, target: moved }).refusals, []);
});

// --- Operations.

test('an operation that was recorded and not begun goes on where it was left', () => {
  const operations = [restartOf(machineOf(renewed, 'A'), { attempts: 0 })];
  const made = planOf({ operations });
  assert.equal(outline(made), ['!restart A', 'restart B', 'restart C', 'restart D']);
  assert.is(actionOf(made, 'restart', 'A').bootIdBefore, 'boot-1');
  assert.equal(made.underWay, []);
  const first = [restartOf(machineOf(renewed, 'A'), { attempts: 0, kind: 'provision', bootIdBefore: null })];
  assert.equal(outline(planOf({ operations: first, machines: new Map() })), [
    '!provision A',
    '!provision B',
    '!provision C',
    '!provision D',
  ]);
});

test('but not before boot servers serve what it is for, nor while anything is refused', () => {
  const operations = [restartOf(machineOf(renewed, 'A'), { attempts: 0 })];
  const behind = planOf({ operations, servers: serversAt(['boot-0'], old, 1) });
  assert.is(waitsFor(actionOf(behind, 'restart', 'A').gate), 'servers: boot-0 serves generation 1');
  const refused = planOf({ operations, target: fewer });
  assert.is(waitsFor(actionOf(refused, 'restart', 'A').gate), 'refused: BERTH-901 is put right first');
});

// --- Windows and freezes. `since` is 00:00 UTC on a Thursday.

const freeze = { from: '2026-01-01T00:10', to: '2026-01-01T02:00', reason: 'stocktaking' };
const frozen = blueprintOf({ racks, config: () => 'new', policy: { freezes: [freeze], canaries: 0 } });
const minute = 60_000;

test('a restart that was recorded and not begun is given up once a freeze has begun, and planned anew after it', () => {
  const operations = [restartOf(machineOf(frozen, 'A'), { attempts: 0 })];
  const at = (minutes: number): string[] =>
    outline(
      planOf({ base: frozen, operations, now: since + minutes * minute, servers: serversAt(['boot-0'], frozen, 2) }),
    );
  assert.equal(at(9), ['!restart A', '!restart B', 'restart C', 'restart D']);
  // Just now a BMC may still be being asked.
  assert.equal(at(10), ['restart A', 'restart B', 'restart C', 'restart D']);
  assert.equal(at(11), ['!finish A', 'restart B', 'restart C', 'restart D']);
  assert.is(
    waitsFor(
      actionOf(planOf({ base: frozen, now: since + 10 * minute, servers: serversAt(['boot-0'], frozen, 2) }), 'restart')
        .gate,
    ),
    'freeze: cs is frozen until thu 2026-01-01 02:00 (UTC): stocktaking',
  );
});

test('a freeze stops neither what is under way nor first boots', () => {
  const machines = running(old);
  machines.delete('C');
  const operations = [restartOf(machineOf(frozen, 'A'))];
  const now = since + 12 * minute;
  const made = planOf({ base: frozen, machines, operations, now, servers: serversAt(['boot-0'], frozen, 2) });
  assert.equal(outline(made), ['!provision C', 'restart B', 'restart D']);
  assert.is(made.halted, `r0-04 (A) has not come back since ${new Date(since).toISOString()}`);
});

test('soak counts from the first report of a boot, however often the machine repeats it', () => {
  const soaking = blueprintOf({ racks, config: () => 'new', policy: { soakSeconds: 600 } });
  const report = { bootId: 'boot-2', generation: 2, at: new Date(since + 9 * minute).toISOString() };
  const planAt = (minutes: number, first?: number): string[] => {
    const since0 = first === undefined ? {} : { since: new Date(since + first * minute).toISOString() };
    const machines = running(old).set('A', reportOf(machineOf(soaking, 'A'), { ...report, ...since0 }));
    return outline(
      planOf({ base: soaking, machines, now: since + minutes * minute, servers: serversAt(['boot-0'], soaking, 2) }),
    );
  };
  assert.equal(planAt(10), ['restart B', 'restart C', 'restart D']);
  assert.equal(planAt(10, 1), ['restart B', 'restart C', 'restart D']);
  assert.equal(planAt(11, 1), ['!restart B', 'restart C', 'restart D']);
});

test('an operation under way is waited for', () => {
  const operations = [restartOf(machineOf(renewed, 'A'))];
  const made = planOf({ operations });
  assert.equal(outline(made), ['restart B', 'restart C', 'restart D']);
  const expected = { serial: 'A', name: 'r0-04', kind: 'restart', since: new Date(since).toISOString(), failed: null };
  assert.equal(made.underWay, [expected]);
  assert.is(made.halted, null);
});

test('a machine that is back is put down as done', () => {
  const machines = running(old);
  machines.set('A', reportOf(machineOf(renewed, 'A'), { bootId: 'boot-2', generation: 2 }));
  const made = planOf({ machines, operations: [restartOf(machineOf(renewed, 'A'))] });
  assert.equal(outline(made), ['!finish A', '!restart B', 'restart C', 'restart D']);
  assert.is(actionOf(made, 'finish').because, 'back with what is asked for');
});

test('a new commit in the middle of a restart: the machine comes back and restarts into what is wanted now', () => {
  const newest = blueprintOf({ racks, config: () => 'newest' });
  const operations = [restartOf(machineOf(renewed, 'A'))];
  const world = { base: newest, operations, history: [renewed, old] };
  // Still away: it is waited for.
  assert.equal(outline(planOf(world)), ['restart B', 'restart C', 'restart D']);
  // Back with what the restart was for.
  const machines = running(old);
  machines.set('A', reportOf(machineOf(renewed, 'A'), { bootId: 'boot-2', generation: 2 }));
  const back = planOf({ ...world, machines });
  assert.is(outline(back)[0], '!finish A');
  assert.is(actionOf(back, 'finish').because, 'back, and out of date by now');
  assert.is(outline(planOf({ ...world, machines, operations: [] }))[0], '!restart A');
});

test('a new commit before a restart has begun: the restart is dropped, and what is wanted now is done instead', () => {
  const newest = blueprintOf({ racks, config: () => 'newest' });
  const operations = [restartOf(machineOf(renewed, 'A'), { attempts: 0 })];
  const made = planOf({ base: newest, operations, history: [renewed, old] });
  assert.is(outline(made)[0], '!finish A');
  assert.is(actionOf(made, 'finish').because, 'never begun, and planned anew');
  // The commit is taken back: the machine never goes down.
  const reverted = planOf({ base: old, operations, history: [renewed, old] });
  assert.equal(outline(reverted), ['!finish A']);
  assert.equal(outline(planOf({ base: old, history: [renewed, old] })), []);
});

test('a machine whose restart fails halts restarts, and not first boots', () => {
  const machines = running(old);
  machines.delete('D');
  const late = { machines, operations: [restartOf(machineOf(renewed, 'A'))], now: since + 600_001 };
  const made = planOf(late);
  assert.equal(outline(made), ['!provision D', 'restart B', 'restart C']);
  assert.is(made.halted, 'r0-04 (A) has not come back since 2026-01-01T00:00:00.000Z');
  assert.is(waitsFor(actionOf(made, 'restart', 'B').gate), `halted: ${made.halted}`);
  assert.is(made.underWay[0]?.failed, 'has not come back since 2026-01-01T00:00:00.000Z');
  // It comes back, and the roll-out goes on.
  machines.set('A', reportOf(machineOf(renewed, 'A'), { bootId: 'boot-2', generation: 2 }));
  const on = planOf({ ...late, machines });
  assert.is(on.halted, null);
  assert.equal(outline(on), ['!finish A', '!provision D', '!restart B', 'restart C']);
});

test('while what is wanted is not relied on, nothing begins, and what has begun is finished', () => {
  const machines = running(old);
  machines.delete('D');
  machines.set('A', reportOf(machineOf(renewed, 'A'), { bootId: 'boot-2', generation: 2 }));
  const operations = [
    restartOf(machineOf(renewed, 'A')),
    restartOf(machineOf(renewed, 'B')),
    restartOf(machineOf(renewed, 'C'), { attempts: 0 }),
  ];
  const world = { machines, operations, now: since + 1000 };
  assert.equal(outline(planOf(world)), ['!finish A', '!provision D', '!restart C']);
  const made = planOf({ ...world, held: 'a key is revoked' });
  assert.equal(outline(made), ['!finish A', 'provision D', 'restart C']);
  assert.is(waitsFor(actionOf(made, 'restart', 'C').gate), 'halted: a key is revoked');
  assert.is(made.halted, 'a key is revoked');
  assert.equal(outline(planOf({ base: old, target: renewed, held: 'a key is revoked' }))[0], 'publish 3');
});

test('a commit that takes back what made a machine fail lifts the halt', () => {
  const operations = [restartOf(machineOf(renewed, 'A'))];
  const machines = running(old);
  machines.set('B', reportOf(machineOf(renewed, 'B'), { bootId: 'boot-2', generation: 2 }));
  const late = { operations, machines, now: since + 600_001 };
  assert.ok(planOf(late).halted);
  const made = planOf({ ...late, base: old, history: [renewed, old] });
  assert.is(made.halted, null);
  assert.equal(outline(made), ['!restart B']);
  assert.is(made.underWay[0]?.serial, 'A');
});

test('a machine that boots on its own is left alone and said', () => {
  const machines = running(renewed);
  machines.set('B', reportOf(machineOf(renewed, 'B'), { phase: 'provisioning' }));
  const made = planOf({ machines });
  assert.equal(outline(made), []);
  assert.equal(made.away, [{ serial: 'B', name: 'r0-05' }]);
  assert.equal(
    made.untouched.flatMap((group) => group.machines),
    ['A', 'C', 'D'],
  );
});

test('what is done comes in order: publish, what is done, first boots, restarts by rack and slot', () => {
  const target = blueprintOf({ racks: { r0: ['A', 'B', 'E'], r1: ['C', 'D'] }, config: () => 'newest' });
  const machines = running(old);
  machines.set('D', reportOf(machineOf(renewed, 'D'), { bootId: 'boot-2', generation: 2 }));
  const made = planOf({ target, machines, operations: [restartOf(machineOf(renewed, 'D'))] });
  assert.equal(outline(made), ['!publish 3', '!finish D', 'provision E', 'restart A', 'restart B', 'restart C']);
});

test('an action says what fails with its machine, and what proves it done', () => {
  const { domains, bmcAddress, doneWhen, disruption, bootDigest: digest } = actionOf(planOf(), 'restart', 'C');
  assert.equal(domains, { rack: 'r1', tors: ['r1-tor1'], powerFeed: 'B', role: 'cs' });
  assert.is(bmcAddress, '10.2.1.4');
  assert.is(digest, bootDigest('C', 'new'));
  assert.is(doneWhen, `C reports that it runs ${digest.slice(0, 12)}`);
  assert.is(disruption, 'reboot');
});

test('canaries are machines that changed since the generation before, and not since any older one', () => {
  const newest = blueprintOf({ racks, config: (serial) => (serial < 'C' ? 'new' : 'newest') });
  const machines = running(renewed);
  // A boots generation 2, which changes C and D alone.
  machines.set('A', reportOf(machineOf(renewed, 'A'), { bootId: 'boot-2', generation: 2 }));
  const made = planOf({ base: newest, machines, history: [renewed, old] });
  assert.equal(outline(made), ['!restart C', 'restart D']);
  assert.is(waitsFor(actionOf(made, 'restart', 'D').gate), 'canary: 1 canary must come back first');
});

// --- Reasons.

function reasons(action: PowerAction): string[] {
  return action.reasons.map(({ field, from, to }) => `${field} ${from} ${to}`);
}

test('the reason is what changed since the blueprint that the machine runs, be it older than the one before', () => {
  const newest = blueprintOf({ racks, config: () => 'newest' });
  const machines = running(old);
  machines.set('B', reportOf(machineOf(renewed, 'B')));
  const made = planOf({ base: newest, machines, history: [renewed, old] });
  assert.is(reasons(actionOf(made, 'restart', 'A'))[0], 'boot.os old newest');
  assert.is(reasons(actionOf(made, 'restart', 'B'))[0], 'boot.os new newest');
});

test('before it is published, the base is what machines run', () => {
  const made = planOf({ base: old, target: renewed, history: [] });
  assert.is(reasons(actionOf(made, 'restart', 'A'))[0], 'boot.os old new');
});

test('a machine that runs what nobody knows is restarted, and the reason says so', () => {
  const machines = running(renewed);
  machines.set('C', reportOf(machineOf(renewed, 'C'), { bootDigest: 'f'.repeat(64) }));
  const made = planOf({ machines });
  assert.equal(outline(made), ['!restart C']);
  const [reason] = actionOf(made, 'restart', 'C').reasons;
  assert.equal(reason, {
    field: 'bootDigest',
    from: 'f'.repeat(12),
    to: bootDigest('C', 'new').slice(0, 12),
    place: null,
  });
});

test('reasons name the place in the site repo', () => {
  const { site, blueprint } = exampleWith(['roles/cs.yaml', 'os: flatcar-4081.2.0', 'os: flatcar-4081.3.1']);
  const made = plan({
    base: { generation: 1, blueprint: example.blueprint },
    target: { blueprint, commit },
    observed: { machines: running(example.blueprint), operations: new Map(), servers: new Map() },
    history: [],
    origin: originsOf(site),
    now: since,
  });
  const { place } = actionOf(made, 'restart', 'FQ7K2D3').reasons[0] ?? {};
  assert.equal(place, { file: 'roles/cs.yaml', line: 3, column: 5 });
  assert.ok(place && textAt(exampleFiles, place) === 'flatcar-4081.2.0');
  assert.is(made.actions.length, 25);
  assert.is(made.untouched.flatMap(({ machines }) => machines).length, 8);
});

test('a first boot has the line that declares the machine as its reason', () => {
  const asked: unknown[] = [];
  const origin = (serial: string | null, field: string) => {
    asked.push([serial, field]);
    return null;
  };
  planOf({ machines: new Map(), origin });
  assert.equal(asked[0], ['A', 'machine']);
});

// --- What takes no restart.

test('a commit that is taken back before machines had it touches none of them', () => {
  const made = planOf({ base: renewed, target: old, machines: running(old) });
  assert.equal(outline(made), ['!publish 3']);
  assert.equal(made.live, []);
  assert.equal(made.untouched, [{ reason: 'they run that already', machines: ['A', 'B', 'C', 'D'] }]);
});

const labelled: Racks = { racks, config: () => 'new', labels: (serial) => ({ gpu: serial === 'B' ? 'l4' : 'none' }) };

test('a change of labels is published, restarts nothing, and is said', () => {
  const target = blueprintOf({ ...labelled, labels: () => ({ gpu: 'none' }) });
  const made = planOf({ base: blueprintOf(labelled), target, machines: running(renewed) });
  assert.equal(outline(made), ['!publish 3']);
  assert.equal(made.live, [
    { serial: 'B', name: 'r0-05', reasons: [{ field: 'labels.gpu', from: 'l4', to: 'none', place: null }] },
  ]);
  assert.equal(made.untouched, [
    { reason: 'nothing that they boot from changed', machines: ['A', 'C', 'D'] },
    { reason: 'what changed takes no restart', machines: ['B'] },
  ]);
});

test('what changes of the site itself stands at the publishing', () => {
  const target = blueprintOf({
    racks,
    config: () => 'new',
    policy: { canaries: 3 },
    servers: [{ name: 'boot-0', joined: true }],
  });
  const { changes } = actionOf(planOf({ target, machines: running(renewed) }), 'publish');
  assert.equal(
    changes.map(({ field, from, to }) => `${field} ${from} ${to}`),
    ['bootServers.boot-1 declared null', 'bootServers.boot-2 declared null', 'rollout.canaries 1 3'],
  );
});

test.run();
