// An introduction as people hand it on: `<commit>:<fingerprint of the key that signed it>`.

import { fingerprintPattern } from '../intake/trust-records.ts';
import type { Introduction } from '../source/trust/authenticate.ts';
import { CliError } from './cli-error.ts';

/** An introduction that names a key. */
export type TextIntroduction = Introduction & { readonly keyFingerprint: string };

/** @param from where the text stands @throws {CliError} */
export function parseIntroduction(text: string, from = '--introduction'): TextIntroduction {
  const [, commit, keyFingerprint = ''] = /^([0-9a-f]{40}):(.*)$/.exec(text) ?? [];
  if (commit !== undefined && fingerprintPattern.test(keyFingerprint)) return { commit, keyFingerprint };
  const forms = 'SHA256:…, or the 40 or 64 digits of an OpenPGP key';
  throw new CliError(`${from} ${text} is not of the form <commit id>:<fingerprint of its signer's key> (${forms})`);
}

export function introductionText({ commit, keyFingerprint }: TextIntroduction): string {
  return `${commit}:${keyFingerprint}`;
}
