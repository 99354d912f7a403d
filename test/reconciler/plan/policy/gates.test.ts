// Small racks → the gates of their machines. A rack is a word, a machine a letter.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Gate } from '../../../../reconciler/plan/action.ts';
import type { MachineState } from '../../../../reconciler/plan/machine-state.ts';
import { haltReason, restartGates, type WaveInput } from '../../../../reconciler/plan/policy/gates.ts';
import type { MachineObject } from '../../../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../../../schema/types/site-object.ts';
import { blueprintOf, since as now, restartOf } from '../racks.ts';

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

const gateLetters: Readonly<Record<string, string>> = {
  canary: 'c',
  rack: 'r',
  budget: 'b',
  halted: 'h',
  freeze: 'f',
  window: 't',
  wave: 'v',
  soak: 'k',
};

interface Row {
  readonly name: string;
  /** s settled, o outdated, u unseen, a away; restarts: w working, n not begun, b back, m moot, F failed, N failed before
   * it began, g failed and given up; first boots: p working, P failed. */
  readonly racks: string;
  /** + open, c canary, r rack, b budget, h halted, f freeze, t window, v wave, k soak, - no gate. */
  readonly gates: string;
  readonly policy?: Partial<RolloutPolicy>;
  readonly proven?: number;
  /** Letters like those of the racks: c is of role cs, s of role ss. All are cs where nothing is said. */
  readonly roles?: string;
  /** How many minutes each machine has said what it says now, a letter each: 0 to 9, x a day; a day for all by default. */
  readonly minutes?: string;
  /** Machines that say nothing about what is new, with an n each. */
  readonly unconcerned?: string;
}

const proven = 1;
const newYear = { from: '2025-12-29T00:00', to: '2026-01-05T09:00', reason: 'the new year' };
const storage = { name: 'storage', roles: ['ss'] };

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

  // Budgets of failure domains. Racks are on power feeds A and B in turn.
  {
    name: 'the site has a budget over all racks',
    racks: 'ooo ooo',
    gates: '++b bbb',
    policy: { racksAtOnce: 2, budgets: { site: 2 } },
  },
  {
    name: 'machines that are away anywhere count',
    racks: 'oo oo a',
    gates: '+b rr -',
    policy: { budgets: { site: 2 } },
  },
  { name: 'a site that has none to spare', racks: 'oo oo aa', gates: 'bb bb --', policy: { budgets: { site: 2 } } },
  {
    name: 'a power feed has its own',
    racks: 'oo oo oo',
    gates: '+b +b bb',
    policy: { racksAtOnce: 3, budgets: { powerFeed: 1 } },
  },
  {
    name: 'a rack whose feed has none to spare keeps no other waiting',
    racks: 'oo oo a',
    gates: 'bb +b -',
    policy: { budgets: { powerFeed: 1 } },
  },
  {
    name: 'a role has its own',
    racks: 'oooo',
    roles: 'cscs',
    gates: '+++b',
    policy: { maxUnavailablePerRack: 3, budgets: { roles: { ss: 1 } } },
  },
  {
    name: 'a role that is missed elsewhere',
    racks: 'oooo a',
    roles: 'sscc s',
    gates: 'bb++ -',
    policy: { budgets: { roles: { ss: 1 } } },
  },
  {
    name: 'a role that nobody has is no budget of others',
    racks: 'oo',
    gates: '++',
    policy: { budgets: { roles: { ss: 1, constructor: 1 } } },
  },
  { name: 'the budget of the rack holds beside', racks: 'oooo', gates: '++bb', policy: { budgets: { site: 3 } } },

  // Windows and freezes. It is Thursday 2026-01-01, 00:00 UTC.
  {
    name: 'a window that is open',
    racks: 'oo',
    gates: '++',
    policy: { windows: [{ days: ['wed'], from: '23:00', to: '01:00' }] },
  },
  {
    name: 'no window is open',
    racks: 'oo',
    gates: 'tt',
    policy: { windows: [{ days: ['thu'], from: '01:00', to: '02:00' }] },
  },
  {
    name: 'one of two is',
    racks: 'oo',
    gates: '++',
    policy: {
      windows: [
        { days: ['thu'], from: '01:00', to: '02:00' },
        { days: ['thu'], from: '00:00', to: '00:01' },
      ],
    },
  },
  {
    name: 'a window of another role',
    racks: 'oo',
    roles: 'cs',
    gates: '+t',
    policy: { windows: [{ roles: ['ss'], days: ['thu'], from: '01:00', to: '02:00' }] },
  },
  {
    name: 'a rack that waits for its window keeps no other waiting',
    racks: 'oo oo',
    roles: 'ss cc',
    gates: 'tt ++',
    policy: { windows: [{ roles: ['ss'], days: ['thu'], from: '01:00', to: '02:00' }] },
  },
  {
    name: 'in the time zone of the site',
    racks: 'o',
    gates: '+',
    policy: { timeZone: 'Asia/Tokyo', windows: [{ days: ['thu'], from: '09:00', to: '09:01' }] },
  },
  { name: 'a freeze', racks: 'oo', gates: 'ff', policy: { freezes: [newYear] } },
  {
    name: 'a freeze of one role',
    racks: 'oo',
    roles: 'cs',
    gates: '+f',
    policy: { freezes: [{ ...newYear, roles: ['ss'] }] },
  },
  {
    name: 'a freeze that is over',
    racks: 'oo',
    gates: '++',
    policy: { freezes: [{ ...newYear, to: '2026-01-01T00:00' }] },
  },
  {
    name: 'a freeze goes before an open window',
    racks: 'oo',
    gates: 'ff',
    policy: { freezes: [newYear], windows: [{ days: ['thu'], from: '00:00', to: '02:00' }] },
  },
  {
    name: 'a restart that has not begun does not begin in a freeze',
    racks: 'no',
    gates: 'ff',
    policy: { freezes: [newYear] },
  },
  { name: 'not even one that could not before', racks: 'No', gates: 'fh', policy: { freezes: [newYear] } },
  { name: 'one that has begun goes on', racks: 'wo', gates: '-f', policy: { freezes: [newYear] } },
  { name: 'first boots are no restarts', racks: 'upo', gates: '--f', policy: { freezes: [newYear] } },
  { name: 'what halts is said first', racks: 'Fo', gates: '-h', policy: { freezes: [newYear] } },
  {
    name: 'a time zone that nobody knows: nothing goes',
    racks: 'oo',
    roles: 'cs',
    gates: 't+',
    policy: { timeZone: 'Europe/Atlantis', windows: [{ roles: ['cs'], days: ['thu'], from: '00:00', to: '02:00' }] },
  },

  // Waves.
  {
    name: 'the first wave goes first, wherever it stands',
    racks: 'ooo ooo',
    roles: 'ccc cas',
    gates: 'vvv vv+',
    policy: { waves: [storage] },
  },
  {
    name: 'the next follows when nothing is left of it',
    racks: 'oo os',
    roles: 'cc cs',
    gates: '++ r-',
    policy: { waves: [storage] },
  },
  {
    name: 'its canary is one of the first wave',
    racks: 'ooo',
    roles: 'css',
    proven: 0,
    gates: 'v+c',
    policy: { waves: [storage] },
  },
  { name: 'it waits until the last is back', racks: 'ow', roles: 'cs', gates: 'v-', policy: { waves: [storage] } },
  { name: 'and until that is put down', racks: 'ob', roles: 'cs', gates: 'v-', policy: { waves: [storage] } },
  {
    name: 'and for one that may not go now',
    racks: 'oo',
    roles: 'cs',
    gates: 'vf',
    policy: { waves: [storage], freezes: [{ ...newYear, roles: ['ss'] }] },
  },
  { name: 'not for one that was given up', racks: 'og', roles: 'cs', gates: '+-', policy: { waves: [storage] } },
  { name: 'nor for one that never came up', racks: 'ou', roles: 'cs', gates: '+-', policy: { waves: [storage] } },
  {
    name: 'nor for one that has been away for long',
    racks: 'oa',
    roles: 'cs',
    gates: '+-',
    policy: { waves: [storage] },
  },
  {
    name: 'but for one that boots just now',
    racks: 'oa',
    roles: 'cs',
    minutes: 'x5',
    gates: 'v-',
    policy: { waves: [storage] },
  },
  {
    name: 'unless it says nothing about what is new',
    racks: 'oa',
    roles: 'cs',
    minutes: 'x5',
    unconcerned: 'nn',
    gates: '+-',
    policy: { waves: [storage] },
  },
  {
    name: 'waves of racks, and of machines',
    racks: 'oo oo oo',
    gates: 'vv ++ vv',
    policy: {
      racksAtOnce: 3,
      waves: [
        { name: 'first', racks: ['r1'] },
        { name: 'x', machines: ['R2S1'] },
      ],
    },
  },
  {
    name: 'a machine is in the first wave that it matches',
    racks: 'oo',
    roles: 'ss',
    gates: '+v',
    policy: { waves: [{ name: 'one', machines: ['R0S0'] }, storage] },
  },
  {
    name: 'a machine of a wave matches all that it asks for',
    racks: 'oo oo',
    roles: 'sc sc',
    gates: 'vv +v',
    policy: { waves: [{ name: 'one', roles: ['ss'], racks: ['r1'] }] },
  },

  // Soak.
  {
    name: 'the canary must have run for a while',
    racks: 'soo',
    minutes: '9xx',
    gates: '-kk',
    policy: { soakSeconds: 600 },
  },
  { name: 'it has', racks: 'soo', minutes: '9xx', gates: '-++', policy: { soakSeconds: 540 } },
  {
    name: 'no soak between canaries',
    racks: 'soo',
    minutes: '0xx',
    gates: '-+c',
    policy: { soakSeconds: 600, canaries: 2 },
  },
  {
    name: 'the last of two canaries counts',
    racks: 'ssoo',
    minutes: '91xx',
    gates: '--kk',
    proven: 2,
    policy: { soakSeconds: 300, canaries: 2 },
  },
  {
    name: 'more that are back than canaries: the first ones count',
    racks: 'sssoo',
    minutes: '990xx',
    gates: '---++',
    proven: 3,
    policy: { soakSeconds: 300, canaries: 2 },
  },
  {
    name: 'no canaries, no soak',
    racks: 'soo',
    minutes: '0xx',
    gates: '-++',
    proven: 0,
    policy: { soakSeconds: 600, canaries: 0 },
  },
  {
    name: 'a wave must have run before the next',
    racks: 'ooss',
    roles: 'ccss',
    minutes: 'xxx4',
    gates: 'kk--',
    policy: { soakSeconds: 300, waves: [storage] },
  },
  {
    name: 'it has run',
    racks: 'ooss',
    roles: 'ccss',
    minutes: 'xxx5',
    gates: '++--',
    policy: { soakSeconds: 300, waves: [storage] },
  },
  {
    name: 'what says nothing about what is new need not',
    racks: 'ooss',
    roles: 'ccss',
    minutes: 'xxx4',
    unconcerned: 'cccn',
    gates: '++--',
    policy: { soakSeconds: 300, waves: [storage] },
  },
  {
    name: 'within a wave nothing soaks',
    racks: 'osso',
    roles: 'csss',
    minutes: 'xx0x',
    proven: 2,
    gates: 'v--+',
    policy: { soakSeconds: 0, waves: [storage] },
  },

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

const day = 24 * 3600_000;

function inputOf({
  racks,
  policy,
  proven: count = proven,
  roles = '',
  minutes = '',
  unconcerned = '',
}: Row): WaveInput {
  const words = racks.split(' ');
  const serials = words.map((word, rack) => [...word].map((_, slot) => `R${rack}S${slot}`));
  const letter = (text: string, index: number): string | undefined => text.replaceAll(' ', '')[index];
  const indexes = new Map(serials.flat().map((serial, index) => [serial, index]));
  const blueprint = blueprintOf({
    racks: Object.fromEntries(serials.map((list, rack) => [`r${rack}`, list])),
    role: (serial) => (letter(roles, indexes.get(serial) ?? 0) === 's' ? 'ss' : 'cs'),
    ...(policy === undefined ? {} : { policy }),
  });
  const machines = [...blueprint.machines.values()].map((machine, index) => {
    const state = states[letter(racks, index) ?? ''];
    if (!state) throw new Error(`${racks} has a letter that means nothing`);
    const ago = Number(letter(minutes, index) ?? Number.NaN) * 60_000;
    return { machine, state: state(machine), since: now - (Number.isNaN(ago) ? day : ago) };
  });
  const settled = machines.filter(({ state }) => state.state === 'settled').map(({ since }) => since);
  const proof = {
    since: Array.from({ length: count }, (_, index) => settled[index] ?? now - day),
    concerns: ({ serial }: MachineObject) => letter(unconcerned, indexes.get(serial) ?? 0) !== 'n',
  };
  const powerFeedOf = (rack: string): string => blueprint.racks.get(rack)?.powerFeed ?? '';
  return { policy: blueprint.site.rollout, machines, proof, powerFeedOf, now };
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
  const timeZone = 'Asia/Tokyo';
  const budgets = { site: 2, powerFeed: 1, roles: { cs: 1 } };
  assert.is(said({ racks: 'oaa', policy: { budgets } }, 'R0S0'), 'the site may have 2 away at a time');
  assert.is(said({ racks: 'oa', policy: { budgets } }, 'R0S0'), 'power feed A may have 1 away at a time');
  assert.is(said({ racks: 'o a', policy: { budgets } }, 'R0S0'), 'role cs may have 1 away at a time');
  assert.is(
    said({ racks: 'o', policy: { timeZone, windows: [{ days: ['sat'], from: '22:00', to: '04:00' }] } }, 'R0S0'),
    'the window of cs opens on sat 2026-01-03 22:00 (Asia/Tokyo)',
  );
  assert.is(
    said({ racks: 'o', policy: { timeZone, freezes: [newYear] } }, 'R0S0'),
    'cs is frozen until mon 2026-01-05 09:00 (Asia/Tokyo): the new year',
  );
  assert.is(
    said({ racks: 'o', policy: { timeZone: 'Europe/Atlantis', freezes: [newYear] } }, 'R0S0'),
    'the time zone Europe/Atlantis is not known where this plan was made',
  );
  assert.is(said({ racks: 'os', roles: 'cs', policy: { waves: [storage] } }, 'R0S0'), 'nothing');
  assert.is(said({ racks: 'oo', roles: 'cs', policy: { waves: [storage] } }, 'R0S0'), 'wave storage comes first');
  const soaking = { racks: 'os', roles: 'cs', minutes: 'x1', policy: { soakSeconds: 90, waves: [storage] } };
  assert.is(said(soaking, 'R0S0'), 'wave storage must run until thu 2026-01-01 00:01 (UTC)');
  const canary = { racks: 'so', minutes: '1x', policy: { soakSeconds: 600 } };
  assert.is(said(canary, 'R0S1'), 'the canary must run until thu 2026-01-01 00:09 (UTC)');
});

test('the reason of a halt is the first machine that was restarted and failed', () => {
  const reason = (racks: string): string | null => haltReason(inputOf({ name: '', gates: '', racks }).machines);
  assert.is(reason('sog'), null);
  assert.is(reason('soF'), 'r0-06 (R0S2) is lost');
  assert.is(reason('sNoFF'), 'r0-07 (R0S3) is lost');
  assert.is(reason('NN'), 'r0-04 (R0S0) is lost');
});

test.run();
