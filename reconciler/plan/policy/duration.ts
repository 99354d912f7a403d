// How long a roll-out will about take, and how much of the site is away at once: played through, machine by machine.
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import type { RolloutPolicy } from '../../../schema/types/site-object.ts';
import { groupBy } from '../group-by.ts';
import { Budgets } from './budgets.ts';
import { waveOf } from './waves.ts';

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
  const { canaries, soakSeconds = 0, waves = [] } = policy;
  const atOnce = { machines: 0, racks: 0, powerFeeds: 0 };
  let [rounds, proven, soaks] = [0, 0, 0];
  let mustSoak = false;
  const byWave = [...groupBy(restarts, waveOf(policy))].sort(([one], [other]) => one - other);
  for (const [wave, members] of byWave) {
    const waiting = new Map<string, Rack>();
    for (const [name, of] of groupBy(members, ({ rack }) => rack)) {
      waiting.set(name, new Rack(name, powerFeedOf(name), of));
    }
    while (waiting.size > 0) {
      if (mustSoak) soaks++;
      mustSoak = false;
      const away = playRound(waiting, policy, powerFeedOf, proven < canaries ? 1 : Number.POSITIVE_INFINITY);
      // A budget of nothing, which a rule finds.
      if (away.length === 0) return { rounds, soakSeconds: soaks * soakSeconds, atOnce };
      rounds++;
      atOnce.machines = Math.max(atOnce.machines, away.length);
      const racks = new Set(away.map(({ rack }) => rack));
      atOnce.racks = Math.max(atOnce.racks, racks.size);
      atOnce.powerFeeds = Math.max(atOnce.powerFeeds, new Set([...racks].map(powerFeedOf)).size);
      mustSoak = proven < canaries && proven + away.length >= canaries;
      proven += away.length;
      for (const name of racks) if (waiting.get(name)?.waiting.length === 0) waiting.delete(name);
    }
    if (wave < waves.length) mustSoak = true;
  }
  return { rounds, soakSeconds: soaks * soakSeconds, atOnce };
}

class Rack {
  readonly name: string;
  readonly powerFeed: string;
  /** Its machines that have not restarted yet. */
  #waiting: readonly MachineObject[];
  /** One of them for each role: to budgets, those of a role are all the same. */
  #ofRoles: readonly MachineObject[];

  constructor(name: string, powerFeed: string, waiting: readonly MachineObject[]) {
    this.name = name;
    this.powerFeed = powerFeed;
    [this.#waiting, this.#ofRoles] = [waiting, onePerRole(waiting)];
  }

  get waiting(): readonly MachineObject[] {
    return this.#waiting;
  }

  get ofRoles(): readonly MachineObject[] {
    return this.#ofRoles;
  }

  /** Lets machines go. */
  letGo(may: (machine: MachineObject) => boolean): void {
    const waiting = this.#waiting.filter((machine) => !may(machine));
    if (waiting.length < this.#waiting.length) [this.#waiting, this.#ofRoles] = [waiting, onePerRole(waiting)];
  }
}

function onePerRole(machines: readonly MachineObject[]): readonly MachineObject[] {
  return [...new Map(machines.map((machine) => [machine.role, machine])).values()];
}

/**
 * Lets go what may leave the racks before anything comes back. The planner looks again and again meanwhile: a rack that
 * nothing can leave, because its budget is spent, keeps no other rack waiting.
 */
function playRound(
  racks: ReadonlyMap<string, Rack>,
  policy: RolloutPolicy,
  powerFeedOf: (rack: string) => string,
  most: number,
): readonly MachineObject[] {
  const budgets = new Budgets(policy, [], powerFeedOf);
  const away: MachineObject[] = [];
  const gone = new Map<string, number>();
  for (let before = -1; before < away.length && away.length < most; ) {
    before = away.length;
    for (const rack of openRacks(racks, gone, policy.racksAtOnce, budgets)) {
      if (rack.ofRoles.every((machine) => budgets.whyFull(machine) !== null)) continue;
      rack.letGo((machine) => {
        const goneHere = gone.get(rack.name) ?? 0;
        if (goneHere >= policy.maxUnavailablePerRack || away.length >= most) return false;
        if (budgets.whyFull(machine) !== null) return false;
        budgets.take(machine);
        gone.set(rack.name, goneHere + 1);
        away.push(machine);
        return true;
      });
    }
  }
  return away;
}

/** Racks that something has left, filled up with the next ones that something can leave; in their order. */
function openRacks(
  racks: ReadonlyMap<string, Rack>,
  gone: ReadonlyMap<string, number>,
  racksAtOnce: number,
  budgets: Budgets,
): readonly Rack[] {
  let room = racksAtOnce - gone.size;
  const open: Rack[] = [];
  let underWay = gone.size;
  const known = new Map<string, boolean>();
  const may = (machine: MachineObject, powerFeed: string): boolean => {
    const key = `${powerFeed} ${machine.role}`;
    const answer = known.get(key) ?? budgets.whyFull(machine) === null;
    known.set(key, answer);
    return answer;
  };
  for (const rack of racks.values()) {
    if (room <= 0 && underWay === 0) break;
    if (gone.has(rack.name)) {
      open.push(rack);
      underWay--;
    } else if (room > 0 && rack.ofRoles.some((machine) => may(machine, rack.powerFeed))) {
      open.push(rack);
      room--;
    }
  }
  return open;
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
