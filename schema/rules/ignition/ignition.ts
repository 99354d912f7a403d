// Rules about what role files say of Ignition, in the order of their ids.
import type { Rule } from '../rule.ts';
import { knownIgnition } from './known-ignition.ts';

export const ignitionRules: readonly Rule[] = [knownIgnition];
