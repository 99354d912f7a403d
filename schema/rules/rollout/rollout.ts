// Rules about the roll-out policy, in the order of their ids.
import type { Rule } from '../rule.ts';
import { budgetSizes } from './budget-sizes.ts';
import { freezeDates } from './freeze-dates.ts';
import { fullWaves } from './full-waves.ts';
import { knownNames } from './known-names.ts';
import { oneWave } from './one-wave.ts';
import { openWindows } from './open-windows.ts';
import { quorumBudget } from './quorum-budget.ts';
import { timeZone } from './time-zone.ts';
import { windowLength } from './window-length.ts';

export const rolloutRules: readonly Rule[] = [
  windowLength,
  knownNames,
  freezeDates,
  timeZone,
  openWindows,
  budgetSizes,
  fullWaves,
  quorumBudget,
  oneWave,
];
