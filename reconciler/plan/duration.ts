// How long a roll-out will about take, and how much of the site is away at once: played through, machine by machine.
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../schema/types/site-object.ts';
import { groupBy } from './group-by.ts';
import { Budgets } from './policy-budgets.ts';
import { waveOf } from './policy-waves.ts';

/** The most that is away at any one time. */
export interface AtOnce {
  readonly machines: number;
  readonly racks: number;
  readonly powerFeeds: number;
}

export interface Roll {
  /** How many times in a row machines restart, as long as each takes as long as the others. */
  readonly rounds: number;
  /** How long nothing restarts in between, because what is new has to run for a while. */
  readonly soakSeconds: number;
  readonly atOnce: AtOnce;
}

/** What a restart takes that nobody has seen: firmware, memory test, kernel, services. */
export const assumedRestartSeconds = 8 * 60;

/**
 * Play a roll-out as restartGates lets it go: wave by wave, the canaries one by one, then `racksAtOnce` racks at a time,
 * in each `maxUnavailablePerRack` machines, as far as budgets go. A rack is left when its last machine is back. Windows
 * and freezes are not looked at.
 * @param restarts in the order of the plan
 * @param powerFeedOf power feed of a rack
 */
export function playRoll(
  restarts: readonly MachineObject[],
  policy: RolloutPolicy,
  powerFeedOf: (rack: string) => string,
): Roll {
  const { canaries, racksAtOnce, soakSeconds = 0, waves = [] } = policy;
  const atOnce = { machines: 0, racks: 0, powerFeeds: 0 };
  let [rounds, proven, soaks] = [0, 0, 0];
  let mustSoak = false;
  const byWave = [...groupBy(restarts, waveOf(policy))].sort(([one], [other]) => one - other);
  for (const [wave, members] of byWave) {
    const waiting = [...groupBy(members, ({ rack }) => rack).values()].map((rack) => [...rack]);
    let open = waiting.splice(0, racksAtOnce);
    while (open.length > 0) {
      if (mustSoak) soaks++;
      mustSoak = false;
      const away = letGo(open, policy, powerFeedOf, proven < canaries ? 1 : Number.POSITIVE_INFINITY);
      // A budget of nothing, which a rule finds.
      if (away.length === 0) return { rounds, soakSeconds: soaks * soakSeconds, atOnce };
      rounds++;
      atOnce.machines = Math.max(atOnce.machines, away.length);
      atOnce.racks = Math.max(atOnce.racks, new Set(away.map(({ rack }) => rack)).size);
      atOnce.powerFeeds = Math.max(atOnce.powerFeeds, new Set(away.map(({ rack }) => powerFeedOf(rack))).size);
      mustSoak = proven < canaries && proven + away.length >= canaries;
      proven += away.length;
      open = open.filter((rack) => rack.length > 0);
      open.push(...waiting.splice(0, racksAtOnce - open.length));
    }
    if (wave < waves.length) mustSoak = true;
  }
  return { rounds, soakSeconds: soaks * soakSeconds, atOnce };
}

/** Takes out of racks what may go at the same time. */
function letGo(
  racks: readonly MachineObject[][],
  policy: RolloutPolicy,
  powerFeedOf: (rack: string) => string,
  most: number,
): readonly MachineObject[] {
  const budgets = new Budgets(policy, [], powerFeedOf);
  const away: MachineObject[] = [];
  for (const rack of racks) {
    const stay: MachineObject[] = [];
    let gone = 0;
    for (const machine of rack) {
      const may = gone < policy.maxUnavailablePerRack && away.length < most && budgets.whyFull(machine) === null;
      if (!may) stay.push(machine);
      else {
        budgets.take(machine);
        away.push(machine);
        gone++;
      }
    }
    rack.splice(0, rack.length, ...stay);
  }
  return away;
}

export interface Estimate {
  readonly seconds: number;
  readonly rounds: number;
  /** Of that, how long nothing restarts in between. */
  readonly soakSeconds: number;
  /** What each restart is taken to take. */
  readonly restartSeconds: number;
  /** Whether that is what restarts of this site have taken. */
  readonly basis: 'assumed' | 'observed';
}

/**
 * @param observedSeconds what a restart has taken on this site; null when none is known of
 * @param firstBoots machines that boot at the same time as the first ones restart
 */
export function estimateDuration(roll: Roll, firstBoots: number, observedSeconds: number | null): Estimate {
  const restartSeconds = observedSeconds ?? assumedRestartSeconds;
  const rounds = Math.max(roll.rounds, firstBoots > 0 ? 1 : 0);
  const basis = observedSeconds === null ? 'assumed' : 'observed';
  const { soakSeconds } = roll;
  return { seconds: rounds * restartSeconds + soakSeconds, rounds, soakSeconds, restartSeconds, basis };
}
