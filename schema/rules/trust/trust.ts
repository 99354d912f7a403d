// Rules about whose signature lets a change in, in the order of their ids.
import type { Rule } from '../rule.ts';
import { uniqueSigners } from './unique-signers.ts';

export const trustRules: readonly Rule[] = [uniqueSigners];
