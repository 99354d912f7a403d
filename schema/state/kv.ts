// What everything above sees of the state store: keys, transactions, leases and a watch that loses nothing.
// Keys are relative to the site's prefix. A *range* is one key, or, with a final `/`, all keys below it; '' is all.

/** An etcd lease id, a 64-bit number in decimal. */
export type LeaseId = string;

export interface Entry {
  readonly key: string;
  readonly value: string;
  /** Revision of the transaction that made the key; a key deleted and made again has another one. */
  readonly createRevision: bigint;
  /** Revision of the transaction that last wrote the key. */
  readonly modRevision: bigint;
  /** The lease whose end deletes the key. */
  readonly lease: LeaseId | null;
}

/** The entries of a range, sorted by key, as they were at one revision of the store. */
export interface Listing {
  readonly entries: readonly Entry[];
  readonly revision: bigint;
}

/** What must hold for a transaction to be carried out. */
export type Condition =
  | { readonly kind: 'absent'; readonly key: string }
  | { readonly kind: 'created-at'; readonly key: string; readonly revision: bigint }
  | { readonly kind: 'modified-at'; readonly key: string; readonly revision: bigint }
  | { readonly kind: 'holds'; readonly key: string; readonly value: string };

export interface Put {
  readonly key: string;
  readonly value: string;
  readonly lease?: LeaseId;
}

/** All of it happens at one revision, or nothing. No key may be written twice. */
export interface Transaction {
  readonly when: readonly Condition[];
  readonly put?: readonly Put[];
  readonly delete?: readonly string[];
}

/**
 * What a watch yields. The first batch is a snapshot; another one follows whenever the store has forgotten the changes
 * in between (compaction), and replaces all that the consumer knew. A batch of changes is exactly one transaction.
 */
export type WatchBatch =
  | { readonly kind: 'snapshot'; readonly entries: readonly Entry[]; readonly revision: bigint }
  | {
      readonly kind: 'changes';
      readonly puts: readonly Entry[];
      readonly deletes: readonly string[];
      readonly revision: bigint;
    };

export interface Lease {
  readonly id: LeaseId;
  /** Time to live as granted, which may be longer than what was asked for. */
  readonly ttlSeconds: number;
}

/**
 * The state store. Reads are linearizable and are repeated on trouble; they throw `STATE_UNAVAILABLE` when that does not
 * help. Writes are repeated only if they surely never left; a write whose answer was lost throws
 * `STATE_UNKNOWN_OUTCOME`. A signal that aborts makes a call throw the signal's reason.
 */
export interface Kv {
  get(key: string, signal?: AbortSignal): Promise<Entry | null>;

  /** Those of the keys that exist. Not one snapshot: read in portions. */
  getMany(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, Entry>>;

  /** Like {@link getMany} without the values: which of the keys exist. */
  existing(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlySet<string>>;

  /** A whole range at one revision, however big. */
  list(range: string, signal?: AbortSignal): Promise<Listing>;

  /**
   * Carry out a transaction.
   * @returns whether all conditions held and so everything was written
   * @throws {StateError} STATE_TOO_LARGE or STATE_REFUSED, nothing written; STATE_LEASE_LOST if a put names a lease that
   *   has ended, nothing written; STATE_UNAVAILABLE, nothing written; STATE_UNKNOWN_OUTCOME
   */
  commit(transaction: Transaction): Promise<boolean>;

  /**
   * Follow a range until the signal aborts or the store is closed, which ends the iteration without an error; trouble
   * with the store does not end it. Events are neither lost, repeated nor reordered.
   */
  watch(range: string, signal: AbortSignal): AsyncIterable<WatchBatch>;

  /** A new lease of whole seconds. An unknown outcome leaves at worst a lease that nobody knows and that ends by itself. */
  grantLease(ttlSeconds: number): Promise<Lease>;

  /** Start the lease's time anew. @returns the time to live in seconds, 0 when the lease has ended */
  keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<number>;

  /** End a lease and delete its keys. A lease that has ended already is fine. */
  revokeLease(lease: LeaseId): Promise<void>;
}

/** The key does not exist. */
export function absent(key: string): Condition {
  return { kind: 'absent', key };
}

/** The key still is the one that was made at that revision, whatever it holds now. */
export function createdAt(key: string, revision: bigint): Condition {
  return { kind: 'created-at', key, revision };
}

/** The key holds exactly this value. */
export function holds(key: string, value: string): Condition {
  return { kind: 'holds', key, value };
}

/** Compare-and-swap: the key is as it was read; with null, it still does not exist. */
export function unchanged(key: string, entry: Entry | null): Condition {
  return entry === null ? absent(key) : { kind: 'modified-at', key, revision: entry.modRevision };
}

/** Whether the key lies in the range. */
export function inRange(range: string, key: string): boolean {
  return isFolder(range) ? key.startsWith(range) : key === range;
}

/** Whether a range means the keys below it and not one key. */
export function isFolder(range: string): boolean {
  return range === '' || range.endsWith('/');
}

/** Bring a copy of a range, by key, up to date with what a watch of it yielded. */
export function applyBatch(copy: Map<string, Entry>, batch: WatchBatch): void {
  switch (batch.kind) {
    case 'snapshot':
      copy.clear();
      for (const entry of batch.entries) copy.set(entry.key, entry);
      return;
    case 'changes':
      for (const key of batch.deletes) copy.delete(key);
      for (const entry of batch.puts) copy.set(entry.key, entry);
  }
}
