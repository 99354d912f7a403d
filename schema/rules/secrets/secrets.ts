// Rules about what is sealed in secrets/ and to whom, in the order of their ids.
import type { Rule } from '../rule.ts';
import { listedRecipients } from './listed-recipients.ts';
import { recipientKeys } from './recipient-keys.ts';
import { sealedToRecipients } from './sealed-to-recipients.ts';
import { serverRecipients } from './server-recipients.ts';
import { uniqueRecipients } from './unique-recipients.ts';
import { wholeSecrets } from './whole-secrets.ts';

export const secretsRules: readonly Rule[] = [
  listedRecipients,
  recipientKeys,
  uniqueRecipients,
  serverRecipients,
  wholeSecrets,
  sealedToRecipients,
];
