// What machines reported, on its way into etcd. The newest report of a machine replaces one that still waits, so the
// queue never holds more than one for each machine, however long etcd is away.
import { Bell } from '../schema/bell.ts';
import { Backoff } from '../schema/state/backoff.ts';
import { keys } from '../schema/state/keys.ts';
import { type Entry, type Kv, unchanged } from '../schema/state/kv.ts';
import { putRecord, readRecord, records } from '../schema/state/records.ts';
import type { ObservedMachine } from '../schema/types/observed-machine.ts';
import { ReportJournal } from './report-journal.ts';

const batchSize = 100;
/** A report that waited longer may have been overtaken: the machine booted again and told another boot server. */
const promptMs = 5_000;
const phases: readonly ObservedMachine['phase'][] = ['booting', 'provisioning', 'running'];

interface Waiting {
  readonly report: ObservedMachine;
  /** By performance.now(); in the far past for one that an earlier process left. */
  readonly sinceMs: number;
}

export class ReportQueue {
  readonly #kv: Kv;
  readonly #journal: ReportJournal;
  readonly #onTrouble: (error: unknown) => void;
  readonly #waiting = new Map<string, Waiting>();
  readonly #bell = new Bell();

  private constructor(kv: Kv, journal: ReportJournal, onTrouble: (error: unknown) => void) {
    this.#kv = kv;
    this.#journal = journal;
    this.#onTrouble = onTrouble;
    for (const report of journal.left) this.#enqueue({ report, sinceMs: Number.NEGATIVE_INFINITY });
  }

  /** @param folder of the journal, which outlives the process */
  static async open(kv: Kv, folder: string, onTrouble: (error: unknown) => void): Promise<ReportQueue> {
    return new ReportQueue(kv, await ReportJournal.open(folder), onTrouble);
  }

  get length(): number {
    return this.#waiting.size;
  }

  /** Resolves when not even the end of this process can lose the report. @throws {Error} when it could */
  async add(report: ObservedMachine): Promise<void> {
    const kept = this.#journal.append(report);
    this.#enqueue({ report, sinceMs: performance.now() });
    this.#bell.ring();
    await kept;
  }

  /** Write reports until the signal aborts. Writing one twice does no harm, so whatever fails is written again. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(100, 5_000);
    while (!signal.aborted) {
      if (this.#waiting.size === 0) await this.#bell.wait(signal);
      const batch = [...this.#waiting.values()].slice(0, batchSize);
      if (batch.length === 0) continue;
      try {
        // When another boot server has written meanwhile, it is looked at again.
        if (await this.#write(batch, signal)) this.#forget(batch);
        await this.#tidy();
        backoff.reset();
      } catch (error) {
        if (signal.aborted) break;
        this.#onTrouble(error);
        await this.#tidy().catch(this.#onTrouble);
        await this.#bell.wait(signal, backoff.next());
      }
    }
    await this.close();
  }

  /** Give back what the queue holds open; {@link run} does it at its end. */
  close(): Promise<void> {
    return this.#journal.close();
  }

  #enqueue(one: Waiting): void {
    const waiting = this.#waiting.get(one.report.serial);
    if (!waiting || !isOlder(one, waiting.report)) this.#waiting.set(one.report.serial, one);
  }

  /** But for those that have been replaced meanwhile. */
  #forget(batch: readonly Waiting[]): void {
    for (const one of batch) {
      if (this.#waiting.get(one.report.serial) === one) this.#waiting.delete(one.report.serial);
    }
  }

  #tidy(): Promise<void> {
    return this.#journal.tidy(() => [...this.#waiting.values()].map(({ report }) => report));
  }

  async #write(batch: readonly Waiting[], signal: AbortSignal): Promise<boolean> {
    const known = await this.#kv.getMany(
      batch.map(({ report }) => keys.observedMachine(report.serial)),
      signal,
    );
    const news = batch.flatMap((one) => {
      const key = keys.observedMachine(one.report.serial);
      const entry = known.get(key) ?? null;
      const before = reportOf(entry);
      if (isOlder(one, before)) return [];
      return [{ put: putRecord(records.observedMachine, withSince(one.report, before)), when: unchanged(key, entry) }];
    });
    if (news.length === 0) return true;
    return this.#kv.commit({ when: news.map(({ when }) => when), put: news.map(({ put }) => put) });
  }
}

/** Whether a report would take a machine back to where it was before. */
function isOlder({ report, sinceMs }: Waiting, known: ObservedMachine | null): boolean {
  if (!known) return false;
  if (known.bootId === report.bootId) return phases.indexOf(report.phase) < phases.indexOf(known.phase);
  return performance.now() - sinceMs > promptMs && report.at < known.at;
}

/** Machines say once a minute that they run: how long they do is known from when they first said so. */
function withSince(report: ObservedMachine, known: ObservedMachine | null): ObservedMachine {
  const { bootId, phase, bootDigest } = report;
  if (known?.bootId !== bootId || known.phase !== phase || known.bootDigest !== bootDigest) return report;
  return { ...report, since: known.since ?? known.at };
}

/** Null for a record that cannot be read: anything is better than that. */
function reportOf(entry: Entry | null): ObservedMachine | null {
  try {
    return entry && readRecord(records.observedMachine, entry);
  } catch {
    return null;
  }
}
