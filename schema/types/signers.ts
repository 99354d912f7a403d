// Generated from schema/site/signers.schema.json by npm run generate. Do not edit.

/**
 * Who it is: shown in plans and history.
 */
export type Name = string;
/**
 * OpenSSH public key: type and base64, as in a .pub file.
 */
export type Key = string;
/**
 * What the signer may change: a file, a folder ending in /, or ** for everything.
 *
 * @minItems 1
 */
export type Paths = string[];
/**
 * Each commit must be signed by one whose paths cover all that the commit touches.
 *
 * @minItems 1
 */
export type Signers = Signer[];
/**
 * A file, a folder ending in /, or ** for everything.
 *
 * @minItems 1
 */
export type Paths1 = string[];
/**
 * Of so many different signers.
 */
export type Signatures = number;
/**
 * Paths for which one signature is not enough. A commit carries one signature, so a threshold of 2 or more keeps every commit out of these paths.
 */
export type Thresholds = Threshold[];

/**
 * trust/signers.yaml: whose signature lets a change in, and where.
 */
export interface SignersDocument {
  signers: Signers;
  thresholds?: Thresholds;
}
/**
 * One person or program that may sign.
 */
export interface Signer {
  name: Name;
  key: Key;
  paths: Paths;
}
/**
 * How many signers it takes.
 */
export interface Threshold {
  paths: Paths1;
  signatures: Signatures;
}
