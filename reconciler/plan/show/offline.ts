// A plan with no etcd at hand: every machine is taken to run what the base says.
import type { Blueprint } from '../../../renderers/blueprint.ts';
import { assumeSettled, nothingObserved } from '../observed.ts';
import type { Origin } from '../origin.ts';
import { plan } from '../plan.ts';
import { type Preview, previewOf } from './preview.ts';

/** @param before the base, taken to be in force; without one, no machine has ever run */
export function previewBetween(
  before: Blueprint | null,
  target: { readonly blueprint: Blueprint; readonly commit: string },
  origin: Origin,
): Preview {
  const generation = 1;
  const base = before && { generation, blueprint: before };
  const observed = before ? assumeSettled(before, generation) : nothingObserved;
  const made = plan({ base, target, observed, history: [], origin, now: 0 });
  const known = before ? [before] : [];
  return previewOf({ plan: made, target: target.blueprint, known, observed, restartSeconds: null });
}
