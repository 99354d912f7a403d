// Rules about Ignition that need no rendering, in the order of their ids; the others are in renderers/.
import type { Rule } from '../rule.ts';
import { clearSecrets } from './clear-secrets.ts';
import { knownIgnition } from './known-ignition.ts';

export const ignitionRules: readonly Rule[] = [knownIgnition, clearSecrets];
