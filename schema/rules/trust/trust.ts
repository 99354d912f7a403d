// Rules about whose signature lets a change in, in the order of their ids.
import type { Rule } from '../rule.ts';
import { changeableFiles } from './changeable-files.ts';
import { changeableSigners } from './changeable-signers.ts';
import { reachableThresholds } from './reachable-thresholds.ts';
import { signerKeys } from './signer-keys.ts';
import { uniqueSigners } from './unique-signers.ts';
import { usedPatterns } from './used-patterns.ts';
import { wellFormedPatterns } from './well-formed-patterns.ts';

export const trustRules: readonly Rule[] = [
  uniqueSigners,
  signerKeys,
  usedPatterns,
  changeableSigners,
  reachableThresholds,
  wellFormedPatterns,
  changeableFiles,
];
