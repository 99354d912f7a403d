// Generated from schema/site/recipients.schema.json by npm run generate. Do not edit.

/**
 * Who holds the private half.
 */
export type Name = string;
/**
 * Public key: age1… as age-keygen prints it, or ssh-ed25519 and base64 as in a .pub file.
 */
export type Key = string;
/**
 * Whether boot servers hold the private half, to open the secrets with.
 */
export type Servers = boolean;
/**
 * Every secret is sealed to all of them: the boot servers, and the people who edit secrets.
 *
 * @minItems 1
 * @maxItems 100
 */
export type Recipients = Recipient[];

/**
 * trust/recipients.yaml: who can open the files in secrets/.
 */
export interface RecipientsDocument {
  recipients: Recipients;
}
/**
 * A key that opens the secrets.
 */
export interface Recipient {
  name: Name;
  key: Key;
  servers?: Servers;
}
