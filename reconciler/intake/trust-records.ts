// What a boot server remembers by itself of whom to believe, as it stands in the files of its trust folder.
import type { Digest } from '../../schema/canonical.ts';
import { type Shape, shapeOf } from '../../schema/state/shape.ts';
import type { Oid } from '../source/commit.ts';
import type { RefusalCode } from '../source/trust/refusal.ts';

/** introduction.json: where trust begins. */
export interface IntroductionRecord {
  readonly commit: Oid;
  /** Fingerprint of the key that signed it. */
  readonly key: string;
  /** Id of the site. */
  readonly site: string;
  readonly at: string;
}

/** accepted.json: the newest commit that this server has accepted. Should etcd be lost, nothing older is taken for new. */
export interface AcceptedRecord {
  readonly commit: Oid;
  /** Who signed it, where that was known. */
  readonly signer: string | null;
  /** By what it was judged. */
  readonly trustSet: Digest;
  /** How many anchors there were by then: only what comes after them can put something else in its place. 0 unless said. */
  readonly anchors?: number;
  readonly at: string;
  /** Why it is not relied on any more, if it is not. */
  readonly held?: HeldRecord;
}

/** A newer head that is authentic by all that was accepted, and that disbelieves a commit which was accepted. */
export interface HeldRecord {
  /** What is accepted next has to contain it: nobody takes back by force what it says. */
  readonly head: Oid;
  /** The commit that is not believed any more. */
  readonly commit: Oid;
  readonly code: RefusalCode;
  readonly message: string;
  readonly at: string;
}

/** anchors.json, one of its entries: a commit for which an administrator of this server vouches. */
export interface AnchorRecord {
  readonly commit: Oid;
  /** What had been accepted before and need not be followed on. */
  readonly supersedes: readonly Oid[];
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** revoked.json, one of its entries: a key that this server has been told not to believe. */
export interface RevokedRecord {
  /** Fingerprint. */
  readonly key: string;
  /** What was signed since then is disbelieved; null: all of it. */
  readonly from: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

const oid = { type: 'string', pattern: '^[0-9a-f]{40}$' };
const digest = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const text = { type: 'string', minLength: 1 };
const instant = { type: 'string', format: 'date-time' };

/** SSH: `SHA256:…`. OpenPGP: the primary key's, in upper-case hex. */
export const fingerprintPattern = /^(?:SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$/;
const fingerprint = { type: 'string', pattern: fingerprintPattern.source };

type Properties = Readonly<Record<string, object>>;

function record(properties: Properties, optional: Properties = {}): object {
  const required = Object.keys(properties);
  return { type: 'object', additionalProperties: false, required, properties: { ...properties, ...optional } };
}

function shape<T>(title: string, schema: object): Shape<T> {
  return shapeOf<T>({ title, ...schema });
}

const byHand = { reason: text, by: text, at: instant };
const held = record({ head: oid, commit: oid, code: text, message: text, at: instant });
const accepted = record(
  { commit: oid, signer: { type: ['string', 'null'] }, trustSet: digest, at: instant },
  { anchors: { type: 'integer', minimum: 0 }, held },
);
const anchor = record({ commit: oid, supersedes: { type: 'array', items: oid }, ...byHand });
const revoked = record({ key: fingerprint, from: { anyOf: [instant, { type: 'null' }] }, ...byHand });

/** Each file of the folder by its name, and what stands in it. */
export const trustFiles = {
  introduction: shape<IntroductionRecord>(
    'introduction',
    record({ commit: oid, key: fingerprint, site: text, at: instant }),
  ),
  accepted: shape<AcceptedRecord>('accepted commit', accepted),
  anchors: shape<readonly AnchorRecord[]>('list of anchors', { type: 'array', items: anchor }),
  revoked: shape<readonly RevokedRecord[]>('list of revoked keys', { type: 'array', items: revoked }),
} as const;
