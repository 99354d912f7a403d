// The store's words as etcd's messages and back. Pure.
import { CompareResult, CompareTarget, type ICompare, type IEvent, type IKeyValue, type ITxnRequest } from 'etcd3';
import { type Condition, type Entry, isFolder, type Transaction, type WatchBatch } from './kv.ts';

/** `key` alone is one key; with `range_end` it is everything from `key` to before `range_end`. */
export interface KeyRange {
  readonly key: Buffer;
  readonly range_end?: Buffer;
}

type Changes = Extract<WatchBatch, { kind: 'changes' }>;

export class EtcdCodec {
  readonly #prefix: string;

  /** @param prefix of all keys, with a final `/` */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  key(key: string): Buffer {
    return Buffer.from(this.#prefix + key);
  }

  range(range: string): KeyRange {
    const key = this.key(range);
    if (!isFolder(range)) return { key };
    const end = Buffer.from(key);
    end[end.length - 1] = 0x30; // A folder ends in `/`, and `0` is the character after it.
    return { key, range_end: end };
  }

  entry(stored: IKeyValue): Entry {
    return {
      key: this.#name(stored),
      value: stored.value.toString(),
      createRevision: BigInt(stored.create_revision),
      modRevision: BigInt(stored.mod_revision),
      lease: stored.lease === '0' ? null : stored.lease,
    };
  }

  transaction({ when, put = [], delete: deletes = [] }: Transaction): ITxnRequest {
    return {
      compare: when.map((condition) => this.#compare(condition)),
      success: [
        ...put.map(({ key, value, lease = '0' }) => ({
          request_put: { key: this.key(key), value: Buffer.from(value), lease },
        })),
        ...deletes.map((key) => ({ request_delete_range: { key: this.key(key) } })),
      ],
    };
  }

  /** One batch for each revision: all that a transaction did, and nothing else. */
  *changes(events: readonly IEvent[]): Generator<Changes> {
    for (let start = 0; start < events.length; ) {
      const revision = events[start]?.kv.mod_revision;
      let end = start;
      while (events[end]?.kv.mod_revision === revision) end++;
      const transaction = events.slice(start, end);
      yield {
        kind: 'changes',
        puts: transaction.filter((event) => event.type === 'Put').map((event) => this.entry(event.kv)),
        deletes: transaction.filter((event) => event.type === 'Delete').map((event) => this.#name(event.kv)),
        revision: BigInt(revision ?? 0),
      };
      start = end;
    }
  }

  #name(stored: IKeyValue): string {
    return stored.key.toString().slice(this.#prefix.length);
  }

  #compare(condition: Condition): ICompare {
    const equal = { key: this.key(condition.key), result: CompareResult.Equal };
    switch (condition.kind) {
      case 'absent':
        return { ...equal, target: CompareTarget.Create, create_revision: '0' };
      case 'created-at':
        return { ...equal, target: CompareTarget.Create, create_revision: String(condition.revision) };
      case 'modified-at':
        return { ...equal, target: CompareTarget.Mod, mod_revision: String(condition.revision) };
      case 'holds':
        return { ...equal, target: CompareTarget.Value, value: Buffer.from(condition.value) };
    }
  }
}
