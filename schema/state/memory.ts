// The state store in memory, for simulation and tests: the semantics of etcd with neither network nor disk.
import { type Clock, systemClock } from './clock.ts';
import {
  applyBatch,
  type Condition,
  type Entry,
  inRange,
  type Kv,
  type Lease,
  type LeaseId,
  type Listing,
  type Transaction,
  type WatchBatch,
} from './kv.ts';
import { checkKey, checkTransaction } from './limits.ts';
import { StateError } from './state-error.ts';

export interface MemoryKvOptions {
  /** What leases run on. */
  readonly clock?: Clock;
  /** How many transactions a watch may lag behind before it gets a snapshot instead. */
  readonly keepRevisions?: number;
}

type Changes = Extract<WatchBatch, { kind: 'changes' }>;

interface HeldLease {
  readonly ttlSeconds: number;
  stopTimer: () => void;
}

export class MemoryKv implements Kv {
  readonly #clock: Clock;
  readonly #keepRevisions: number;
  readonly #entries = new Map<string, Entry>();
  readonly #leases = new Map<LeaseId, HeldLease>();
  readonly #waiting = new Set<() => void>();
  /** The transactions since {@link #compacted}, without a gap. */
  #log: Changes[] = [];
  #compacted = 1n;
  #revision = 1n;
  #lastLease = 0;

  constructor({ clock = systemClock, keepRevisions = 1000 }: MemoryKvOptions = {}) {
    this.#clock = clock;
    this.#keepRevisions = keepRevisions;
  }

  async get(key: string, signal?: AbortSignal): Promise<Entry | null> {
    signal?.throwIfAborted();
    checkKey(key);
    return this.#entries.get(key) ?? null;
  }

  async getMany(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, Entry>> {
    signal?.throwIfAborted();
    const found = new Map<string, Entry>();
    for (const key of keys) {
      checkKey(key);
      const entry = this.#entries.get(key);
      if (entry !== undefined) found.set(key, entry);
    }
    return found;
  }

  async existing(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    return new Set((await this.getMany(keys, signal)).keys());
  }

  async list(range: string, signal?: AbortSignal): Promise<Listing> {
    signal?.throwIfAborted();
    const entries = [...this.#entries.values()].filter((entry) => inRange(range, entry.key));
    return { entries: entries.sort((a, b) => (a.key < b.key ? -1 : 1)), revision: this.#revision };
  }

  async commit(transaction: Transaction): Promise<boolean> {
    checkTransaction(transaction);
    const { when, put = [], delete: deletes = [] } = transaction;
    if (!when.every((condition) => this.#holds(condition))) return false;
    for (const { lease } of put) {
      if (lease !== undefined && !this.#leases.has(lease)) {
        throw new StateError('STATE_LEASE_LOST', `lease ${lease} has ended`);
      }
    }
    const revision = this.#revision + 1n;
    const puts = put.map(({ key, value, lease = null }) => {
      const createRevision = this.#entries.get(key)?.createRevision ?? revision;
      return { key, value, createRevision, modRevision: revision, lease };
    });
    this.#record({ kind: 'changes', puts, deletes: deletes.filter((key) => this.#entries.has(key)), revision });
    return true;
  }

  async *watch(range: string, signal: AbortSignal): AsyncGenerator<WatchBatch, void> {
    let seen: bigint | null = null;
    while (!signal.aborted) {
      if (seen === null || seen < this.#compacted) {
        const listing = await this.list(range);
        seen = listing.revision;
        yield { kind: 'snapshot', ...listing };
        continue;
      }
      const next: Changes | undefined = this.#log[Number(seen - this.#compacted)];
      if (next === undefined) {
        await this.#nextChange(signal);
        continue;
      }
      seen = next.revision;
      const puts = next.puts.filter((entry) => inRange(range, entry.key));
      const deletes = next.deletes.filter((key) => inRange(range, key));
      if (puts.length + deletes.length > 0) yield { ...next, puts, deletes };
    }
  }

  async grantLease(ttlSeconds: number): Promise<Lease> {
    const id = String(++this.#lastLease);
    this.#leases.set(id, { ttlSeconds, stopTimer: this.#endLater(id, ttlSeconds) });
    return { id, ttlSeconds };
  }

  async keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    const held = this.#leases.get(lease);
    if (held === undefined) return 0;
    held.stopTimer();
    held.stopTimer = this.#endLater(lease, held.ttlSeconds);
    return held.ttlSeconds;
  }

  async revokeLease(lease: LeaseId): Promise<void> {
    this.#endLease(lease);
  }

  /** Forget the changes up to now: a watch that has not seen them all yet gets a snapshot. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#log = [];
  }

  #holds(condition: Condition): boolean {
    const entry = this.#entries.get(condition.key);
    switch (condition.kind) {
      case 'absent':
        return entry === undefined;
      case 'created-at':
        return entry?.createRevision === condition.revision;
      case 'modified-at':
        return entry?.modRevision === condition.revision;
      case 'holds':
        return entry?.value === condition.value;
    }
  }

  #record(changes: Changes): void {
    if (changes.puts.length + changes.deletes.length === 0) return;
    this.#revision = changes.revision;
    applyBatch(this.#entries, changes);
    this.#log.push(changes);
    if (this.#log.length > this.#keepRevisions) {
      const forgotten = this.#log.shift();
      if (forgotten !== undefined) this.#compacted = forgotten.revision;
    }
    for (const wake of [...this.#waiting]) wake();
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #endLater(lease: LeaseId, ttlSeconds: number): () => void {
    return this.#clock.after(ttlSeconds * 1000, () => this.#endLease(lease));
  }

  #endLease(lease: LeaseId): void {
    this.#leases.get(lease)?.stopTimer();
    this.#leases.delete(lease);
    const deletes = [...this.#entries.values()].filter((entry) => entry.lease === lease).map((entry) => entry.key);
    this.#record({ kind: 'changes', puts: [], deletes, revision: this.#revision + 1n });
  }
}
