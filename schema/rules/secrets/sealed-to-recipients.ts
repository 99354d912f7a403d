import { type AgeHeader, AgeHeaderError, parseAgeHeader } from '../../age-header.ts';
import { type AgeRecipient, AgeRecipientError, misfit, parseAgeRecipient } from '../../age-recipient.ts';
import type { Site } from '../../load.ts';
import { secretFiles } from '../../secret-files.ts';
import type { Rule } from '../rule.ts';

/** A secret that was sealed before the list changed: who came cannot open it, who left still can. */
export const sealedToRecipients: Rule = {
  id: 'BERTH-836',
  title: 'every secret is sealed to the recipients of trust/recipients.yaml, and to nobody else',
  *check(site) {
    const recipients = recipientsOf(site);
    if (!recipients) return;
    for (const [file, bytes] of secretFiles(site.files)) {
      const header = headerOf(bytes);
      const fault = header && misfit(header, recipients);
      if (!fault) continue;
      yield {
        place: { file, line: 1, column: 1 },
        message: `the secret ${fault.message}`,
        hint: `seal it again: berth secret rekey ${file}`,
        isSecret: true,
      };
    }
  },
};

/** Null where there are none, or BERTH-832 has found one that is no key. */
function recipientsOf({ recipients }: Site): readonly AgeRecipient[] | null {
  try {
    return recipients?.value.recipients.map(({ key }) => parseAgeRecipient(key)) ?? null;
  } catch (error) {
    if (error instanceof AgeRecipientError) return null;
    throw error;
  }
}

/** Null where BERTH-835 has found that there is none. */
function headerOf(bytes: Uint8Array): AgeHeader | null {
  try {
    return parseAgeHeader(bytes);
  } catch (error) {
    if (error instanceof AgeHeaderError) return null;
    throw error;
  }
}
