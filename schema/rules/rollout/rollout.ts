// Rules about the roll-out policy, in the order of their ids.
import type { Rule } from '../rule.ts';

export const rolloutRules: readonly Rule[] = [];
