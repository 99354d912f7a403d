// How long roll-outs take: played through here against the planner's own gates, restart by restart.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assumedRestartSeconds, estimateDuration, playRoll } from '../../../../reconciler/plan/policy/duration.ts';
import { restartGates } from '../../../../reconciler/plan/policy/gates.ts';
import type { WaveMember } from '../../../../reconciler/plan/policy/waves.ts';
import { durationText } from '../../../../reconciler/plan/show/duration.ts';
import type { MachineObject } from '../../../../schema/types/machine-object.ts';
import type { Operation } from '../../../../schema/types/operation.ts';
import type { RolloutPolicy } from '../../../../schema/types/site-object.ts';
import { Random } from '../random.ts';

const policy: RolloutPolicy = { racksAtOnce: 1, maxUnavailablePerRack: 2, canaries: 1, deadlineSeconds: 600 };
const restartMs = 480_000;
const powerFeedOf = (rack: string): string => (Number(rack.slice(1)) % 2 === 0 ? 'A' : 'B');

/** Machines by rack: `[3, 1]` are three in r0 and one in r1; every third is a storage server. */
function machines(counts: readonly number[]): readonly MachineObject[] {
  return counts.flatMap((count, rack) =>
    Array.from({ length: count }, (_, slot) => {
      const [serial, role] = [`R${rack}S${slot}`, slot % 3 === 2 ? 'ss' : 'cs'];
      return { serial, rack: `r${rack}`, role } as MachineObject;
    }),
  );
}

/** As the planner's gates let them go, looking again until nothing more may; all of a round come back together. */
function byGates(all: readonly MachineObject[], settings: RolloutPolicy): { rounds: number; soakSeconds: number } {
  const since = new Map<string, number>();
  const away = new Set<string>();
  let [rounds, now, soakedMs] = [0, 0, 0];
  const stateOf = ({ serial }: MachineObject): WaveMember['state'] => {
    if (!away.has(serial)) return { state: since.has(serial) ? 'settled' : 'outdated' };
    return { state: 'working', started: true, operation: { serial, kind: 'restart' } as Operation };
  };
  while (since.size < all.length) {
    const members = all.map((machine): WaveMember => {
      return { machine, state: stateOf(machine), since: since.get(machine.serial) ?? 0 };
    });
    const proof = { since: [...since.values()], concerns: () => true };
    const gates = restartGates({ policy: settings, machines: members, proof, powerFeedOf, now });
    const open = [...gates].filter(([serial, gate]) => gate.open && !away.has(serial)).map(([serial]) => serial);
    for (const serial of open) away.add(serial);
    if (open.length > 0) continue;
    if (away.size > 0) {
      rounds++;
      now += restartMs;
      for (const serial of away) since.set(serial, now);
      away.clear();
      continue;
    }
    assert.ok(
      [...gates.values()].some((gate) => !gate.open && gate.code === 'soak'),
      'somebody may go',
    );
    now += 60_000;
    soakedMs += 60_000;
  }
  return { rounds, soakSeconds: soakedMs / 1000 };
}

const rows: readonly (readonly [counts: readonly number[], settings: Partial<RolloutPolicy>, rounds: number])[] = [
  [[], {}, 0],
  [[1], {}, 1],
  [[2], {}, 2],
  [[5], {}, 3],
  [[8, 8, 8, 8], { maxUnavailablePerRack: 4 }, 9],
  [[8, 8, 8, 8], { maxUnavailablePerRack: 4, canaries: 0 }, 8],
  [[8, 8, 8, 8], { maxUnavailablePerRack: 4, canaries: 0, racksAtOnce: 2 }, 4],
  [[8, 8, 8, 8], { maxUnavailablePerRack: 4, canaries: 0, racksAtOnce: 9 }, 2],
  [[1, 5, 1, 5], { racksAtOnce: 2 }, 5],
  [[3, 3], { canaries: 5 }, 6],
  [[3, 3], { canaries: 99 }, 6],
  [[8, 8], { soakSeconds: 600 }, 9],
  [[8, 8], { soakSeconds: 600, canaries: 0 }, 8],
  [[8, 8], { soakSeconds: 600, waves: [{ name: 'first', racks: ['r1'] }] }, 9],
  [
    [8, 8],
    {
      soakSeconds: 600,
      waves: [
        { name: 'one', machines: ['R0S0'] },
        { name: 'ss', roles: ['ss'] },
      ],
    },
    9,
  ],
  [[3, 3], { soakSeconds: 600, canaries: 2, waves: [{ name: 'one', machines: ['R1S1'] }] }, 4],
  [[8, 8], { maxUnavailablePerRack: 8, budgets: { site: 3 } }, 7],
  [[8, 8, 8], { maxUnavailablePerRack: 8, racksAtOnce: 3, budgets: { powerFeed: 5, roles: { ss: 1 } } }, 7],
  [[2, 7, 1, 4, 3], { racksAtOnce: 3, maxUnavailablePerRack: 3, canaries: 2 }, 5],
];

for (const [counts, settings, rounds] of rows) {
  test(`${counts.join(' + ') || 'no'} machines, ${JSON.stringify(settings)}: ${rounds} rounds`, () => {
    const whole = { ...policy, ...settings };
    const { atOnce, ...played } = playRoll(machines(counts), whole, powerFeedOf);
    assert.equal(played, byGates(machines(counts), whole), 'the gates let them go just so');
    assert.is(played.rounds, rounds);
    assert.ok(atOnce.racks <= whole.racksAtOnce);
  });
}

test('a rack that waits for its budget keeps no other rack waiting', () => {
  // r0 and r2 hang on the same feed, of which one machine may be away.
  const settings = { ...policy, canaries: 0, racksAtOnce: 2, budgets: { powerFeed: 1 } };
  const all = machines([3, 0, 3, 3]);
  const { rounds, atOnce } = playRoll(all, settings, powerFeedOf);
  assert.is(rounds, 6);
  assert.equal(atOnce, { machines: 2, racks: 2, powerFeeds: 2 });
  assert.is(byGates(all, settings).rounds, rounds);
});

test('any policy is played as the gates have it', () => {
  const random = new Random(7);
  const sometimes = <T extends object>(settings: T): Partial<T> => (random.chance(0.5) ? settings : {});
  for (let turn = 0; turn < 150; turn++) {
    const all = machines(Array.from({ length: random.between(1, 6) }, () => random.between(0, 5)));
    const waves = [
      { name: 'one', racks: ['r1'] },
      { name: 'ss', roles: ['ss'] },
    ];
    const settings: RolloutPolicy = {
      racksAtOnce: random.between(1, 4),
      maxUnavailablePerRack: random.between(1, 3),
      canaries: random.between(0, 3),
      deadlineSeconds: 600,
      ...sometimes({ soakSeconds: 600 }),
      ...sometimes({ waves }),
      budgets: {
        ...sometimes({ site: random.between(1, 4) }),
        ...sometimes({ powerFeed: random.between(1, 3) }),
        ...sometimes({ roles: { ss: random.between(1, 2) } }),
      },
    };
    const { atOnce: _, ...played } = playRoll(all, settings, powerFeedOf);
    assert.equal(played, byGates(all, settings), JSON.stringify({ settings, all }));
  }
});

test('how much is away at once', () => {
  const atOnce = (counts: readonly number[], settings: Partial<RolloutPolicy>) =>
    playRoll(machines(counts), { ...policy, ...settings }, powerFeedOf).atOnce;
  assert.equal(atOnce([], {}), { machines: 0, racks: 0, powerFeeds: 0 });
  assert.equal(atOnce([1], {}), { machines: 1, racks: 1, powerFeeds: 1 });
  assert.equal(atOnce([9, 9], {}), { machines: 2, racks: 1, powerFeeds: 1 });
  assert.equal(atOnce([9, 9, 9], { racksAtOnce: 2 }), { machines: 4, racks: 2, powerFeeds: 2 });
  assert.equal(atOnce([2, 9], { canaries: 2, maxUnavailablePerRack: 20 }), { machines: 9, racks: 1, powerFeeds: 1 });
});

test('ten thousand machines in many racks', () => {
  const many = machines(Array.from({ length: 250 }, () => 40));
  const { rounds } = playRoll(many, { ...policy, racksAtOnce: 5 }, powerFeedOf);
  assert.is(rounds, 1 + 50 * 20);
  // One for each feed at a time, wherever it is.
  const slow = { ...policy, canaries: 0, racksAtOnce: 250, maxUnavailablePerRack: 1, budgets: { powerFeed: 1 } };
  assert.is(playRoll(many, slow, powerFeedOf).rounds, 5000);
});

test('an estimate says what it is made of', () => {
  const roll = { rounds: 3, soakSeconds: 0, atOnce: { machines: 1, racks: 1, powerFeeds: 1 } };
  assert.equal(estimateDuration(roll, 0, null), {
    seconds: 3 * 480,
    rounds: 3,
    soakSeconds: 0,
    restartSeconds: 480,
    basis: 'assumed',
  });
  assert.equal(estimateDuration(roll, 0, 60), {
    seconds: 180,
    rounds: 3,
    soakSeconds: 0,
    restartSeconds: 60,
    basis: 'observed',
  });
  assert.is(estimateDuration({ ...roll, rounds: 0 }, 0, null).seconds, 0);
  assert.is(estimateDuration({ ...roll, rounds: 0 }, 500, null).seconds, assumedRestartSeconds);
});

for (const [seconds, text] of [
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [3599, '1 h'],
  [3600, '1 h'],
  [4320, '1 h 12 min'],
  [86_400, '1 d'],
  [100_800, '1 d 4 h'],
] as const) {
  test(`${seconds} seconds: ${text}`, () => assert.is(durationText(seconds), text));
}

test.run();
