// Small racks → the gates of their machines. A rack is a word, a machine a letter.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Gate } from '../../../reconciler/plan/action.ts';
import type { MachineState } from '../../../reconciler/plan/machine-state.ts';
import { haltReason, restartGates, type WaveInput } from '../../../reconciler/plan/waves.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';
import { blueprintOf, restartOf } from './racks.ts';

type StateOf = (machine: MachineObject) => MachineState;

const restart = (state: 'working' | 'finished' | 'moot', started = true): StateOf => {
  return (machine) => ({ state, operation: restartOf(machine), started }) as MachineState;
};
const failed = (kind: 'restart' | 'provision', started: boolean, halts: boolean): StateOf => {
  return (machine) => ({ state: 'failed', operation: restartOf(machine, { kind }), started, halts, why: 'is lost' });
};

const states: Readonly<Record<string, StateOf>> = {
  s: () => ({ state: 'settled' }),
  o: () => ({ state: 'outdated' }),
  u: () => ({ state: 'unseen' }),
  a: () => ({ state: 'away' }),
  w: restart('working'),
  n: restart('working', false),
  b: restart('finished'),
  m: restart('moot'),
  F: failed('restart', true, true),
  N: failed('restart', false, true),
  g: failed('restart', true, false),
  p: (machine) => ({ state: 'working', operation: restartOf(machine, { kind: 'provision' }), started: true }),
  P: failed('provision', true, false),
};

const gateLetters: Readonly<Record<string, string>> = { canary: 'c', rack: 'r', budget: 'b', halted: 'h' };

interface Row {
  readonly name: string;
  /** s settled, o outdated, u unseen, a away; restarts: w working, n not begun, b back, m moot, F failed, N failed before
   * it began, g failed and given up; first boots: p working, P failed. */
  readonly racks: string;
  /** + open, c canary, r rack, b budget, h halted, - no gate. */
  readonly gates: string;
  readonly policy?: Partial<RolloutPolicy>;
  readonly proven?: number;
}

const proven = 1;

const table: readonly Row[] = [
  { name: 'nothing to restart', racks: 'sss sss', gates: '--- ---' },
  { name: 'no machine at all', racks: '', gates: '' },

  // Canaries, one at a time.
  { name: 'the first machine is the canary', racks: 'ooo ooo', gates: '+cc rrr', proven: 0 },
  { name: 'the first machine that has to restart is', racks: 'sso ooo', gates: '--+ rrr', proven: 0 },
  { name: 'while it restarts, all wait', racks: 'woo ooo', gates: '-cc rrr', proven: 0 },
  { name: 'before it has begun, all others wait', racks: 'noo ooo', gates: '+cc rrr', proven: 0 },
  { name: 'it is back: the rest of its rack, within the budget', racks: 'sooo ooo', gates: '-++b rrr' },
  {
    name: 'two canaries: the second one follows the first',
    racks: 'sooo',
    gates: '-+cc',
    proven: 1,
    policy: { canaries: 2 },
  },
  { name: 'two canaries: not beside the first', racks: 'wooo', gates: '-ccc', proven: 0, policy: { canaries: 2 } },
  { name: 'two canaries are back', racks: 'ssooo', gates: '--++b', proven: 2, policy: { canaries: 2 } },
  { name: 'more canaries than machines', racks: 'so', gates: '-+', proven: 1, policy: { canaries: 9 } },
  { name: 'no canaries', racks: 'ooo ooo', gates: '++b rrr', proven: 0, policy: { canaries: 0 } },
  { name: 'a canary of a rack without budget waits', racks: 'aao ooo', gates: '--b rrr', proven: 0 },
  {
    name: 'a restart that was given up does not stand for a canary',
    racks: 'goo',
    gates: '-+b',
    proven: 0,
    policy: { canaries: 1 },
  },

  // Rack by rack.
  { name: 'the next rack waits for the last machine', racks: 'sso oo', gates: '--+ rr', proven },
  { name: 'and until it is back', racks: 'ssw oo', gates: '--- rr', proven },
  { name: 'and until that is put down', racks: 'ssb oo', gates: '--- rr', proven },
  { name: 'and while a restart is recorded that is not needed', racks: 'ssm oo', gates: '--- rr', proven },
  { name: 'then it is its turn', racks: 'sss oo oo', gates: '--- ++ rr', proven },
  { name: 'a rack that was begun goes on before an earlier one', racks: 'oo wo', gates: 'rr -+', proven },
  { name: 'a machine that is away does not hold its rack', racks: 'ssa oo', gates: '--- ++', proven },
  { name: 'nor one that never came up', racks: 'suP oo', gates: '--- ++', proven },
  { name: 'nor a restart that was given up', racks: 'ssg oo', gates: '--- ++', proven },
  { name: 'two racks at once', racks: 'oo oo oo', gates: '++ ++ rr', proven, policy: { racksAtOnce: 2 } },
  {
    name: 'two racks at once: one is left, one comes',
    racks: 'ss wo oo oo',
    gates: '-- -+ ++ rr',
    proven,
    policy: { racksAtOnce: 2 },
  },
  {
    name: 'two racks at once, one canary',
    racks: 'oo oo oo',
    gates: '+c cc rr',
    proven: 0,
    policy: { racksAtOnce: 2 },
  },
  { name: 'more racks begun than may be now', racks: 'wo wo oo', gates: '-+ -+ rr', proven },
  { name: 'a rack where the last is back waits for one where it is not', racks: 'bo wo', gates: '-r -+', proven },

  // The budget of a rack.
  { name: 'one at a time', racks: 'oooo', gates: '+bbb', proven, policy: { maxUnavailablePerRack: 1 } },
  { name: 'as many as the budget has left', racks: 'wooo', gates: '-+bb', proven },
  { name: 'none is left', racks: 'wwoo', gates: '--bb', proven },
  { name: 'one that is back counts no more', racks: 'wboo', gates: '--+b', proven },
  { name: 'machines that are away count', racks: 'aooo', gates: '-+bb', proven },
  { name: 'restarts that have not begun count', racks: 'nwoo', gates: '+-bb', proven },
  { name: 'restarts that were given up count', racks: 'gooo', gates: '-+bb', proven },
  { name: 'machines that never ran do not', racks: 'upPoo', gates: '---++', proven },
  { name: 'each rack has its own', racks: 'aoo aoo', gates: '-+b -+b', proven, policy: { racksAtOnce: 2 } },
  { name: 'away in another rack does not count', racks: 'oo aa', gates: '++ --', proven },

  // Halted.
  { name: 'a failed restart stops everything', racks: 'Fooo ooo', gates: '-hhh hhh', proven },
  { name: 'a failed canary, too', racks: 'Fooo ooo', gates: '-hhh hhh', proven: 0 },
  { name: 'in any rack', racks: 'ooo sFo', gates: 'hhh --h', proven },
  {
    name: 'even with no canaries and every rack at once',
    racks: 'Fo oo',
    gates: '-h hh',
    proven: 0,
    policy: { canaries: 0, racksAtOnce: 9 },
  },
  { name: 'restarts that have not begun stop, too', racks: 'Fno', gates: '-hh', proven },
  { name: 'one that cannot begin stops the others and not itself', racks: 'Noo', gates: '+hh', proven },
  { name: 'two that cannot begin do not wait for each other', racks: 'NNo', gates: '++h', proven },
  { name: 'they wait for one that has failed', racks: 'NFo', gates: 'h-h', proven },
  { name: 'a first boot that fails stops nothing', racks: 'Pooo', gates: '-++b', proven },
  { name: 'a restart that was given up stops nothing', racks: 'gooo', gates: '-+bb', proven },
];

function inputOf({ racks, policy, proven: count = proven }: Row): WaveInput {
  const words = racks.split(' ');
  const serials = words.map((word, rack) => [...word].map((_, slot) => `R${rack}S${slot}`));
  const blueprint = blueprintOf({
    racks: Object.fromEntries(serials.map((list, rack) => [`r${rack}`, list])),
    ...(policy === undefined ? {} : { policy }),
  });
  const letters = [...words.join('')];
  const machines = [...blueprint.machines.values()].map((machine, index) => {
    const state = states[letters[index] ?? ''];
    if (!state) throw new Error(`${racks} has a letter that means nothing`);
    return { machine, state: state(machine) };
  });
  return { policy: blueprint.site.rollout, machines, proven: count };
}

function lettersOf(input: WaveInput, gates: ReadonlyMap<string, Gate>): string {
  let text = '';
  let rack = input.machines[0]?.machine.rack;
  for (const { machine } of input.machines) {
    if (machine.rack !== rack) text += ' ';
    rack = machine.rack;
    const gate = gates.get(machine.serial);
    text += gate === undefined ? '-' : gate.open ? '+' : (gateLetters[gate.code] ?? '?');
  }
  return text;
}

for (const row of table) {
  test(`waves: ${row.name}`, () => {
    const input = inputOf(row);
    assert.is(lettersOf(input, restartGates(input)), row.gates, row.racks);
  });
}

test('a closed gate says what it waits for', () => {
  const said = (row: Omit<Row, 'name' | 'gates'>, serial: string): string => {
    const gate = restartGates(inputOf({ name: '', gates: '', ...row })).get(serial);
    return gate === undefined || gate.open ? 'nothing' : gate.waitsFor;
  };
  assert.is(said({ racks: 'oo', proven: 0 }, 'R0S1'), '1 canary must come back first');
  assert.is(said({ racks: 'so', policy: { canaries: 3 } }, 'R0S1'), 'nothing');
  assert.is(said({ racks: 'wo', policy: { canaries: 3 } }, 'R0S1'), '2 canaries must come back first');
  assert.is(said({ racks: 'oo oo' }, 'R1S0'), 'rack r0 comes first');
  assert.is(said({ racks: 'oo oo oo', policy: { racksAtOnce: 2 } }, 'R2S0'), 'racks r0, r1 come first');
  assert.is(said({ racks: 'ooo' }, 'R0S2'), 'rack r0 may have 2 away at a time');
  assert.is(said({ racks: 'Fo' }, 'R0S1'), 'r0-04 (R0S0) is lost');
});

test('the reason of a halt is the first machine that was restarted and failed', () => {
  const reason = (racks: string): string | null => haltReason(inputOf({ name: '', gates: '', racks }).machines);
  assert.is(reason('sog'), null);
  assert.is(reason('soF'), 'r0-06 (R0S2) is lost');
  assert.is(reason('sNoFF'), 'r0-07 (R0S3) is lost');
  assert.is(reason('NN'), 'r0-04 (R0S0) is lost');
});

test.run();
