import { AgeRecipientError, parseAgeRecipient } from '../../age-recipient.ts';
import type { Rule } from '../rule.ts';

/** Nothing can be sealed to a list with a key that is none. */
export const recipientKeys: Rule = {
  id: 'BERTH-832',
  title: 'the key of every recipient is one that secrets can be sealed to',
  *check({ recipients }) {
    for (const [index, { name, key }] of (recipients?.value.recipients ?? []).entries()) {
      const fault = faultOf(key);
      if (!recipients || fault === null) continue;
      yield {
        place: recipients.placeOf('recipients', index, 'key'),
        message: `nothing can be sealed to ${name}: ${fault}`,
        hint: 'copy it as a whole: the public key of age-keygen, or type and base64 of a .pub file',
      };
    }
  },
};

function faultOf(key: string): string | null {
  try {
    parseAgeRecipient(key);
    return null;
  } catch (error) {
    if (error instanceof AgeRecipientError) return error.message;
    throw error;
  }
}
