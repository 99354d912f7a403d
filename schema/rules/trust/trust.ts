// Rules about whose signature lets a change in, in the order of their ids.
import type { Rule } from '../rule.ts';
import { changeableFiles } from './changeable-files.ts';
import { changeableSigners } from './changeable-signers.ts';
import { guardedTrustFiles } from './guarded-trust-files.ts';
import { idleSigners } from './idle-signers.ts';
import { keyTimes } from './key-times.ts';
import { knownNames } from './known-names.ts';
import { namedTrustFiles } from './named-trust-files.ts';
import { reachableThresholds } from './reachable-thresholds.ts';
import { separateMergeKeys } from './separate-merge-keys.ts';
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
  knownNames,
  keyTimes,
  idleSigners,
  separateMergeKeys,
  namedTrustFiles,
  guardedTrustFiles,
];
