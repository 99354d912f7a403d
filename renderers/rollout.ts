// The roll-out policy of a site as the planner reads it.
import type { SiteDocument } from '../schema/types/site.ts';
import type { RolloutPolicy } from '../schema/types/site-object.ts';

/**
 * What is not said is left out, and not filled in, so that a site that says nothing of waves or freezes keeps the digest
 * that it had before there were any.
 */
export function renderRollout({ rollout, timeZone }: SiteDocument): RolloutPolicy {
  const { soakSeconds = 0, waves = [], windows = [], freezes = [], budgets = {} } = rollout;
  const isTimed = windows.length > 0 || freezes.length > 0;
  return {
    racksAtOnce: rollout.racksAtOnce ?? 1,
    maxUnavailablePerRack: rollout.maxUnavailablePerRack,
    canaries: rollout.canaries ?? 1,
    deadlineSeconds: rollout.deadlineSeconds,
    ...(isTimed ? { timeZone: timeZone ?? 'UTC' } : {}),
    ...(soakSeconds > 0 ? { soakSeconds } : {}),
    ...(waves.length > 0 ? { waves } : {}),
    ...(windows.length > 0 ? { windows } : {}),
    ...(freezes.length > 0 ? { freezes } : {}),
    ...(Object.keys(budgets).length > 0 ? { budgets } : {}),
  };
}
