// How much a plan disturbs, and whom: the first line of what is shown.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import type { MachineObject } from '../../../schema/types/machine-object.ts';
import { capitalised, counted, listed } from '../../../schema/words.ts';
import type { PowerAction } from '../action.ts';
import type { ObjectDiff } from '../diff/objects.ts';
import type { Plan } from '../plan.ts';
import { type AtOnce, type Estimate, estimateDuration, playRoll } from '../policy/duration.ts';
import { durationText } from './duration.ts';
import { nameList } from './name-list.ts';

/** How a change gets to where it takes effect, from what nobody notices to what cannot be undone. */
export type Disruption = 'none' | 'live object' | 'live file' | 'reboot' | 'destructive';

/** Machines by what becomes of them. */
export interface Touched {
  /** Declared in the base, and no longer, or with a statement now that they are to go. */
  readonly leaving: number;
  readonly restarted: number;
  readonly firstBoots: number;
  /** Something changes for them while they run. */
  readonly live: number;
}

export interface Radius {
  readonly disruption: Disruption;
  /** Whether the plan is refused, so that nothing of it is done. */
  readonly refused: boolean;
  readonly touched: Touched;
  /** How many machines there are, those that go among them. */
  readonly machines: number;
  /** Where the machines are that the disruption is about, and what they are; of all that change, when there is none. */
  readonly racks: readonly string[];
  readonly roles: readonly string[];
  readonly powerFeeds: readonly string[];
  /** The most that restarts at the same time. */
  readonly atOnce: AtOnce;
  readonly estimate: Estimate;
  /** Whether there are windows or freezes, which the estimate does not look at. */
  readonly isTimed: boolean;
}

export interface RadiusInput {
  readonly plan: Plan;
  readonly target: Blueprint;
  /** What is in force; null before the first generation. */
  readonly base: Blueprint | null;
  /** Serials of machines that boot servers answer otherwise, beside those that the plan names. */
  readonly answered: readonly string[];
  readonly objects: readonly ObjectDiff[];
  /** What a restart has taken on this site; null when none is known of. */
  readonly restartSeconds: number | null;
}

export function radiusOf({ plan, target, base, answered, objects, restartSeconds }: RadiusInput): Radius {
  const powered = plan.actions.filter((action): action is PowerAction => 'bootDigest' in action);
  const restarts = powered.filter(({ kind }) => kind === 'restart');
  const firstBoots = powered.filter(({ kind }) => kind === 'provision');
  const removed = base ? [...base.machines.keys()].filter((serial) => !target.machines.has(serial)) : [];
  const leaving = [...removed, ...(base ? retired(base, target) : [])];
  const goes = new Set(leaving);
  const live = [...plan.live.map(({ serial }) => serial), ...answered].filter((serial) => !goes.has(serial));
  const { rollout } = target.site;
  const roll = playRoll(
    restarts.flatMap(({ serial }) => target.machines.get(serial) ?? []),
    rollout,
    (rack) => target.racks.get(rack)?.powerFeed ?? '',
  );
  const takesData = objects.some(({ change, takesOthers }) => change === 'removed' && takesOthers);
  const disruption = classOf({ leaving: leaving.length, restarted: restarts.length, takesData, objects });
  const all = [...leaving, ...[...restarts, ...firstBoots].map(({ serial }) => serial), ...live];
  const concerned = disruption === 'reboot' ? restarts.map(({ serial }) => serial) : all;
  const machines = concerned.flatMap((serial) => target.machines.get(serial) ?? base?.machines.get(serial) ?? []);
  const isTimed = restarts.length > 0 && (rollout.windows ?? rollout.freezes) !== undefined;
  const feedOf = ({ rack }: MachineObject) => (target.racks.get(rack) ?? base?.racks.get(rack))?.powerFeed ?? '';
  return {
    disruption,
    refused: plan.refusals.length > 0,
    touched: {
      leaving: leaving.length,
      restarted: restarts.length,
      firstBoots: firstBoots.length,
      live: live.length,
    },
    machines: target.machines.size + removed.length,
    racks: distinct(machines.map(({ rack }) => rack)),
    roles: distinct(machines.map(({ role }) => role)).sort(),
    powerFeeds: distinct(machines.map(feedOf)).sort(),
    atOnce: roll.atOnce,
    estimate: estimateDuration(roll, firstBoots.length, restartSeconds),
    isTimed,
  };
}

/** Machines that the site repo says are to go, and did not say so before. */
function retired(base: Blueprint, target: Blueprint): readonly string[] {
  const retiring = [...target.machines.values()].filter(({ retire }) => retire !== undefined);
  return retiring.map(({ serial }) => serial).filter((serial) => !base.machines.get(serial)?.retire);
}

function classOf(found: {
  readonly leaving: number;
  readonly restarted: number;
  readonly takesData: boolean;
  readonly objects: readonly ObjectDiff[];
}): Disruption {
  if (found.leaving > 0 || found.takesData) return 'destructive';
  if (found.restarted > 0) return 'reboot';
  return found.objects.length > 0 ? 'live object' : 'none';
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** What the disruption is about: some sentences for one line. */
export function radiusText(radius: Radius, objects: readonly ObjectDiff[]): string {
  const { touched, machines, atOnce, estimate } = radius;
  const changes = [
    howMany(touched.leaving, ['leaves the site', 'leave the site']),
    howMany(touched.restarted, ['restarts', 'restart']),
    howMany(touched.firstBoots, ['boots for the first time', 'boot for the first time']),
    howMany(touched.live, ['changes without a restart', 'change without a restart']),
  ].filter((text) => text !== '');
  const [first = 'none changes', ...others] = changes;
  const who = listed([first.replace(' ', ` of ${counted(machines, 'machine')} `), ...others]);
  const sentences = [`${who}${whereText(radius)}${objectsText(objects)}`];
  if (radius.refused) sentences.push('The plan is refused');
  if (touched.restarted > 0) {
    const peak = `${atOnce.machines} at once, in ${counted(atOnce.racks, 'rack')} on ${counted(atOnce.powerFeeds, 'power feed')}`;
    sentences.push(`At most ${peak}`);
  }
  if (estimate.rounds > 0) {
    const each = durationText(estimate.restartSeconds);
    const basis = estimate.basis === 'assumed' ? `if a boot takes ${each}` : `as boots here have taken ${each}`;
    const soak = estimate.soakSeconds > 0 ? `, ${durationText(estimate.soakSeconds)} of it to see how it runs` : '';
    const timed = radius.isTimed ? ', and windows and freezes hold nothing back' : '';
    sentences.push(`Estimate: ${durationText(estimate.seconds)}${soak}, ${basis}${timed}`);
  }
  return `${sentences.map(capitalised).join('. ')}.`;
}

function whereText({ racks, roles, powerFeeds }: Radius): string {
  if (racks.length === 0) return '';
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['rack', racks],
    ['role', roles],
    ['power feed', powerFeeds],
  ];
  return ` (${parts.map(([noun, names]) => `${noun}${names.length === 1 ? '' : 's'} ${nameList(names)}`).join('; ')})`;
}

function objectsText(objects: readonly ObjectDiff[]): string {
  return objects.length === 0
    ? ''
    : `; ${counted(objects.length, 'Kubernetes object')} ${objects.length === 1 ? 'changes' : 'change'}`;
}

function howMany(count: number, [one, many]: readonly [string, string]): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}
