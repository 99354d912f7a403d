// Generated from schema/site/signers.schema.json by npm run generate. Do not edit.

/**
 * Who it is: shown in plans and history, and counted once, however many keys they have.
 */
export type Name = string;
/**
 * OpenSSH public key: type and base64, as in a .pub file.
 */
export type Key = string;
/**
 * File with the armored public key, instead of `key`: what `gpg --armor --export` prints.
 */
export type OpenPGPKey = string;
/**
 * What the signer may change beside what their groups may: a file, a folder ending in /, or ** for everything; * stands for anything but a /.
 *
 * @maxItems 1000
 */
export type Paths = string[];
/**
 * The key counts for commits made at this instant or later.
 */
export type ValidAfter = string;
/**
 * The key counts for commits made before this instant.
 */
export type ValidBefore = string;
/**
 * Why: lost, stolen, left the team.
 */
export type Reason = string;
/**
 * Commits that the key has signed since then are disbelieved too, though they were accepted. Without it nothing is that came before this statement.
 */
export type From = string;
/**
 * Each commit must be signed by one of them. Entries of the same name are keys of the same person.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Signers = Signer[];
/**
 * What thresholds call it.
 */
export type Name1 = string;
/**
 * Names of signers.
 *
 * @maxItems 1000
 */
export type Members = string[];
/**
 * File with more members, as OpenSSH and Git have it (ssh-keygen(1), ALLOWED SIGNERS): who is called by the first principal of a line.
 */
export type AllowedSigners = string;
/**
 * What each member may change: a file, a folder ending in /, or ** for everything; * stands for anything but a /.
 *
 * @maxItems 1000
 */
export type Paths1 = string[];
/**
 * What several signers may change.
 *
 * @maxItems 200
 */
export type Groups = Group[];
/**
 * A file, a folder ending in /, or ** for everything; * stands for anything but a /.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Paths2 = string[];
/**
 * Of so many different signers, the commit's own included: of those who may change the path, or of the members of `group`.
 */
export type Signatures = number;
/**
 * Only signatures of its members are counted.
 */
export type Group1 = string;
/**
 * Paths for which one signature is not enough: the others are given by approvals, signed tags approve/<commit>/<name>.
 *
 * @maxItems 200
 */
export type Thresholds = Threshold[];
/**
 * Which host it is.
 */
export type Name2 = string;
/**
 * OpenSSH public key: type and base64, as in a .pub file.
 */
export type Key1 = string;
/**
 * File with the armored public key; GitHub's is at https://github.com/web-flow.gpg.
 */
export type OpenPGPKey1 = string;
/**
 * What merges by the host may bring: a file, a folder ending in /, or ** for everything; * stands for anything but a /.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Paths3 = string[];
/**
 * Keys with which the Git host signs merges that people ask it for. They count for merges only, and only for what the one who signed the merged branch may change.
 *
 * @maxItems 10
 */
export type MergeKeys = MergeKey[];

/**
 * trust/signers.yaml: whose signature lets a change in, where, and how many of them it takes.
 */
export interface SignersDocument {
  signers: Signers;
  groups?: Groups;
  thresholds?: Thresholds;
  mergeKeys?: MergeKeys;
}
/**
 * A key of a person or program that may sign.
 */
export interface Signer {
  name: Name;
  key?: Key;
  openpgp?: OpenPGPKey;
  paths?: Paths;
  validAfter?: ValidAfter;
  validBefore?: ValidBefore;
  revoked?: Revoked;
}
/**
 * The key counts no more. Leave the entry in place: it says why, and what to disbelieve.
 */
export interface Revoked {
  reason: Reason;
  from?: From;
}
/**
 * Several signers, and what each of them may change.
 */
export interface Group {
  name: Name1;
  members?: Members;
  allowedSigners?: AllowedSigners;
  paths?: Paths1;
}
/**
 * How many signers it takes.
 */
export interface Threshold {
  paths: Paths2;
  signatures: Signatures;
  group?: Group1;
}
/**
 * A key of the Git host.
 */
export interface MergeKey {
  name: Name2;
  key?: Key1;
  openpgp?: OpenPGPKey1;
  paths: Paths3;
}
