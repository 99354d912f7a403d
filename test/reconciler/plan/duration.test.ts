// How long roll-outs take: played through here against the planner's own gates, restart by restart.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assumedRestartSeconds, estimateDuration, playRoll } from '../../../reconciler/plan/duration.ts';
import type { WaveMember } from '../../../reconciler/plan/policy-waves.ts';
import { durationText } from '../../../reconciler/plan/show-duration.ts';
import { restartGates } from '../../../reconciler/plan/waves.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';

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

/** As the planner's gates let them go, all of a round coming back together. */
function byGates(counts: readonly number[], settings: RolloutPolicy): { rounds: number; soakSeconds: number } {
  const all = machines(counts);
  const since = new Map<string, number>();
  let [rounds, now, soakedMs] = [0, 0, 0];
  while (since.size < all.length) {
    const members = all.map((machine): WaveMember => {
      const back = since.get(machine.serial);
      return { machine, state: { state: back === undefined ? 'outdated' : 'settled' }, since: back ?? 0 };
    });
    const proof = { since: [...since.values()], concerns: () => true };
    const gates = restartGates({ policy: settings, machines: members, proof, powerFeedOf, now });
    const open = [...gates].filter(([, gate]) => gate.open).map(([serial]) => serial);
    if (open.length === 0) {
      assert.ok(
        [...gates.values()].some((gate) => !gate.open && gate.code === 'soak'),
        'somebody may go',
      );
      now += 60_000;
      soakedMs += 60_000;
      continue;
    }
    rounds++;
    now += restartMs;
    for (const serial of open) since.set(serial, now);
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
    assert.equal(played, byGates(counts, whole), 'the gates let them go just so');
    assert.is(played.rounds, rounds);
    assert.ok(atOnce.racks <= whole.racksAtOnce);
  });
}

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
