// A state store that fails on command, in the ways in which etcd does.
import type { Entry, Kv, Lease, LeaseId, Listing, Transaction, WatchBatch } from '../schema/state/kv.ts';
import { StateError } from '../schema/state/state-error.ts';

/**
 * What becomes of a commit:
 * - `pass`: all is well
 * - `away`: no member answers, nothing is written
 * - `lost-answer`: it is written, and nobody is told
 * - `lost-request`: it is not written, and nobody is told
 */
export type CommitFate = 'pass' | 'away' | 'lost-answer' | 'lost-request';

export class FlakyKv implements Kv {
  /** Whether reads find nobody. */
  readsFail = false;
  /** Asked for each commit. */
  fateOf: (transaction: Transaction) => CommitFate = () => 'pass';
  /** All transactions that were asked for, whatever became of them. */
  readonly commits: Transaction[] = [];

  constructor(private readonly kv: Kv) {}

  /** All calls fail, or none. */
  set away(away: boolean) {
    this.readsFail = away;
    this.fateOf = () => (away ? 'away' : 'pass');
  }

  async get(key: string, signal?: AbortSignal): Promise<Entry | null> {
    this.#read();
    return this.kv.get(key, signal);
  }

  async getMany(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, Entry>> {
    this.#read();
    return this.kv.getMany(keys, signal);
  }

  async existing(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    this.#read();
    return this.kv.existing(keys, signal);
  }

  async list(range: string, signal?: AbortSignal): Promise<Listing> {
    this.#read();
    return this.kv.list(range, signal);
  }

  async commit(transaction: Transaction): Promise<boolean> {
    this.commits.push(transaction);
    const fate = this.fateOf(transaction);
    if (fate === 'away') throw new StateError('STATE_UNAVAILABLE', 'etcd does not answer');
    const done = fate === 'lost-request' ? false : await this.kv.commit(transaction);
    if (fate === 'pass') return done;
    throw new StateError('STATE_UNKNOWN_OUTCOME', 'a write was sent and may or may not have happened');
  }

  watch(range: string, signal: AbortSignal): AsyncIterable<WatchBatch> {
    return this.kv.watch(range, signal);
  }

  async grantLease(ttlSeconds: number): Promise<Lease> {
    this.#read();
    return this.kv.grantLease(ttlSeconds);
  }

  async keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<number> {
    this.#read();
    return this.kv.keepLeaseAlive(lease, signal);
  }

  async revokeLease(lease: LeaseId): Promise<void> {
    this.#read();
    return this.kv.revokeLease(lease);
  }

  #read(): void {
    if (this.readsFail) throw new StateError('STATE_UNAVAILABLE', 'etcd does not answer');
  }
}
