import { parseSshKeyText, SshKeyError, type SshKeyErrorCode } from '../../ssh-key.ts';
import type { Rule } from '../rule.ts';

/** Boot servers refuse every commit that follows a trust/signers.yaml with a key that they cannot use. */
export const signerKeys: Rule = {
  id: 'BERTH-802',
  title: 'the key of every signer is one that signatures can be checked with',
  *check({ signers }) {
    for (const [index, { name, key }] of signers.value.signers.entries()) {
      const fault = faultOf(key);
      if (fault === null) continue;
      yield {
        // What the key says about itself is in order, or else the schema has found it: the fault is in its base64.
        place: signers.placeInside(key.indexOf(' ') + 1, 'signers', index, 'key'),
        message: `no signature of ${name} can be checked: ${fault.message}`,
        hint: hints[fault.code],
      };
    }
  },
};

const renew = 'make another one: ssh-keygen -t ed25519';
const hints: Readonly<Record<SshKeyErrorCode, string>> = {
  'malformed-key': 'copy type and base64 from the .pub file, both as a whole',
  'unsupported-key': renew,
  'weak-key': renew,
};

function faultOf(key: string): SshKeyError | null {
  try {
    parseSshKeyText(key);
    return null;
  } catch (error) {
    if (error instanceof SshKeyError) return error;
    throw error;
  }
}
