// Writes the history: entries that are chained by digest, so that a missing or altered one shows.
import { digestOf } from '../../schema/canonical.ts';
import { folders, keys } from '../../schema/state/keys.ts';
import { absent, type Condition, type Kv, type Put } from '../../schema/state/kv.ts';
import { putRecord, readRecord, records } from '../../schema/state/records.ts';
import type { HistoryEntry } from '../../schema/types/history-entry.ts';

/** What happened, for an entry to be made of. */
export type HistoryEvent = Pick<HistoryEntry, 'generation' | 'event' | 'commit' | 'detail'> & {
  readonly signer?: string;
};

/** An entry's part of the transaction that writes it. */
export interface HistoryPart {
  readonly put: Put;
  readonly when: Condition;
}

export class History {
  readonly #kv: Kv;
  readonly #server: string;
  #entries: HistoryEntry[];
  /** Whether the entries are all that there are: not so after a write that failed, or whose answer was lost. */
  #complete = true;
  /** Entries are written one after the other: each names the one before. */
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(kv: Kv, server: string, entries: HistoryEntry[]) {
    this.#kv = kv;
    this.#server = server;
    this.#entries = entries;
  }

  /** Read the whole history, oldest first. Only the leader writes, so what it has read stays true while it leads. */
  static async open(kv: Kv, server: string): Promise<History> {
    return new History(kv, server, await readHistory(kv));
  }

  /** What has been written, oldest first. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /**
   * Write the next entry.
   * @param event happens while `target` is the one of its generation, and the transaction has to hold it to that: a
   *   write that was given up and arrives late must not break the chain
   * @param commit carries out a transaction that holds the entry's part, and says whether it went through
   */
  write(event: HistoryEvent, now: Date, commit: (part: HistoryPart) => Promise<boolean>): Promise<boolean> {
    const written = this.#busy.then(async () => {
      if (!this.#complete) this.#entries = await readHistory(this.#kv);
      this.#complete = false;
      const entry = this.#next(event, now);
      const put = putRecord(records.history, entry);
      const done = await commit({ put, when: absent(keys.history(entry.generation, entry.sequence)) });
      if (done) this.#entries.push(entry);
      this.#complete = done;
      return done;
    });
    this.#busy = written.catch(() => {});
    return written;
  }

  #next(event: HistoryEvent, now: Date): HistoryEntry {
    const last = this.#entries.at(-1);
    return {
      sequence: (last?.sequence ?? 0) + 1,
      at: now.toISOString(),
      server: this.#server,
      previous: last ? digestOf(last) : null,
      ...event,
    };
  }
}

/** Every entry, in the order in which they were written. */
export async function readHistory(kv: Kv, signal?: AbortSignal): Promise<HistoryEntry[]> {
  const { entries } = await kv.list(folders.history, signal);
  return entries.map((entry) => readRecord(records.history, entry)).sort((a, b) => a.sequence - b.sequence);
}

/** The first entry that does not follow from the one before; null when the chain is whole. */
export function brokenLink(history: readonly HistoryEntry[]): HistoryEntry | null {
  let previous: HistoryEntry | null = null;
  for (const entry of history) {
    const sequence: number = (previous?.sequence ?? 0) + 1;
    const digest: string | null = previous ? digestOf(previous) : null;
    if (entry.sequence !== sequence || entry.previous !== digest) return entry;
    previous = entry;
  }
  return null;
}
