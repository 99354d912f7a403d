// The state store in etcd. Of the etcd3 package only the raw clients are used: its watch loses events, its lease and
// election allow two leaders, and its retries repeat writes.
import { type Etcd3, GRPCOutOfRangeError, type IRangeResponse } from 'etcd3';
import { EtcdCodec } from './etcd-codec.ts';
import { repliesOf } from './etcd-stream.ts';
import { sitePrefix } from './keys.ts';
import type { Entry, Kv, Lease, LeaseId, Listing, Transaction, WatchBatch } from './kv.ts';
import { checkKey, checkTransaction, operationsPerBatch } from './limits.ts';
import { Members } from './members.ts';
import { isStateError, StateError } from './state-error.ts';
import { watchRange } from './watch.ts';

export interface EtcdOptions {
  /** URLs of the members, the preferred one first. */
  readonly endpoints: readonly string[];
  /** Site id; all keys lie below `/berth/<site>/`. */
  readonly site: string;
  /** How long a call to one member may take, and for how long failed calls are made again. */
  readonly deadlineMs?: number;
  /** Entries in one reply of a listing. */
  readonly pageSize?: number;
  /** Told of each trouble that a watch meets and outlives. */
  readonly onTrouble?: (error: Error) => void;
}

/** Connects when first used. Close it when done: it keeps connections open. */
export function connectEtcd(options: EtcdOptions): EtcdKv {
  return new EtcdKv(options);
}

export class EtcdKv implements Kv {
  readonly #members: Members;
  readonly #codec: EtcdCodec;
  readonly #pageSize: number;
  readonly #onTrouble: (error: Error) => void;

  constructor({ endpoints, site, deadlineMs = 3000, pageSize = 5000, onTrouble = () => {} }: EtcdOptions) {
    this.#codec = new EtcdCodec(sitePrefix(site));
    this.#members = new Members(endpoints, deadlineMs);
    this.#pageSize = pageSize;
    this.#onTrouble = onTrouble;
  }

  async get(key: string, signal?: AbortSignal): Promise<Entry | null> {
    checkKey(key);
    const reply = await this.#members.read((client) => client.kv.range({ key: this.#codec.key(key) }), signal);
    const [found] = reply.kvs;
    return found === undefined ? null : this.#codec.entry(found);
  }

  async getMany(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, Entry>> {
    return this.#lookUp(keys, false, signal);
  }

  async existing(keys: Iterable<string>, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    return new Set((await this.#lookUp(keys, true, signal)).keys());
  }

  async list(range: string, signal?: AbortSignal): Promise<Listing> {
    for (;;) {
      try {
        return await this.#listOnce(range, signal);
      } catch (error) {
        // The revision of the first page was compacted before the last page was read.
        if (!(isStateError(error) && error.cause instanceof GRPCOutOfRangeError)) throw error;
      }
    }
  }

  async commit(transaction: Transaction): Promise<boolean> {
    checkTransaction(transaction);
    const request = this.#codec.transaction(transaction);
    const reply = await this.#members.write((client) => client.kv.txn(request));
    return reply.succeeded;
  }

  watch(range: string, signal: AbortSignal): AsyncIterable<WatchBatch> {
    const list = (until: AbortSignal) => this.list(range, until);
    const source = { members: this.#members, codec: this.#codec, list, onTrouble: this.#onTrouble };
    return watchRange(source, range, AbortSignal.any([signal, this.#members.closed]));
  }

  async grantLease(ttlSeconds: number): Promise<Lease> {
    const reply = await this.#members.write((client) => client.leaseClient.leaseGrant({ TTL: ttlSeconds }));
    return { id: reply.ID, ttlSeconds: Number(reply.TTL) };
  }

  keepLeaseAlive(lease: LeaseId, signal?: AbortSignal): Promise<number> {
    return this.#members.read((client) => keepAliveOnce(client, lease, this.#members.deadlineMs, signal), signal);
  }

  async revokeLease(lease: LeaseId): Promise<void> {
    try {
      await this.#members.read((client) => client.leaseClient.leaseRevoke({ ID: lease }));
    } catch (error) {
      if (!isStateError(error, 'STATE_LEASE_LOST')) throw error;
    }
  }

  /** End all connections and watches. */
  close(): void {
    this.#members.close();
  }

  async #lookUp(keys: Iterable<string>, keysOnly: boolean, signal?: AbortSignal): Promise<Map<string, Entry>> {
    const wanted = [...new Set(keys)];
    wanted.forEach(checkKey);
    const found = new Map<string, Entry>();
    for (let start = 0; start < wanted.length; start += operationsPerBatch) {
      const batch = wanted.slice(start, start + operationsPerBatch);
      const success = batch.map((key) => ({ request_range: { key: this.#codec.key(key), keys_only: keysOnly } }));
      const reply = await this.#members.read((client) => client.kv.txn({ success }), signal);
      for (const { response_range: range } of reply.responses) {
        for (const stored of range.kvs) {
          const entry = this.#codec.entry(stored);
          found.set(entry.key, entry);
        }
      }
    }
    return found;
  }

  async #listOnce(range: string, signal?: AbortSignal): Promise<Listing> {
    const { key: first, ...end } = this.#codec.range(range);
    const entries: Entry[] = [];
    let revision: string | undefined;
    for (let key = first; ; ) {
      const page = { key, ...end, limit: this.#pageSize, ...(revision !== undefined && { revision }) };
      const reply: IRangeResponse = await this.#members.read((client) => client.kv.range(page), signal);
      revision ??= reply.header.revision;
      for (const stored of reply.kvs) entries.push(this.#codec.entry(stored));
      const last = reply.kvs.at(-1);
      if (!reply.more || last === undefined) return { entries, revision: BigInt(revision) };
      key = Buffer.concat([last.key, Buffer.of(0)]);
    }
  }
}

/** etcd keeps leases alive over a stream only; here it carries one request and one reply. */
async function keepAliveOnce(client: Etcd3, id: LeaseId, deadlineMs: number, signal?: AbortSignal): Promise<number> {
  const stream = await client.leaseClient.leaseKeepAlive({ deadline: Date.now() + deadlineMs });
  stream.write({ ID: id });
  for await (const reply of repliesOf(stream, signal)) return Number(reply.TTL);
  throw new StateError('STATE_UNAVAILABLE', 'the stream ended without a reply');
}
