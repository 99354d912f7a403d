// Rules about roles, what they boot, and the pins of it, in the order of their ids.
import type { Rule } from '../rule.ts';
import { knownRoles } from './known-roles.ts';
import { knownSystems } from './known-systems.ts';

export const rolesRules: readonly Rule[] = [knownRoles, knownSystems];
