import type { Rule } from '../rule.ts';

/** Secrets are for boot servers; sealed to people alone they do nothing. */
export const serverRecipients: Rule = {
  id: 'BERTH-834',
  title: 'boot servers can open the secrets',
  *check({ recipients }) {
    if (!recipients || recipients.value.recipients.some(({ servers }) => servers)) return;
    yield {
      place: recipients.placeOfKey('recipients'),
      message: 'none of the recipients is a key of boot servers',
      hint: 'write servers: true at the key that boot servers hold',
    };
  },
};
