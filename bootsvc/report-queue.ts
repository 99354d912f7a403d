// What machines reported, on its way into etcd. The newest report of a machine replaces one that still waits, so the
// queue never holds more than one for each machine, however long etcd is away.
import { Bell } from '../schema/bell.ts';
import { Backoff } from '../schema/state/backoff.ts';
import type { Kv } from '../schema/state/kv.ts';
import { putRecord, records } from '../schema/state/records.ts';
import type { ObservedMachine } from '../schema/types/observed-machine.ts';

const batchSize = 100;

export class ReportQueue {
  readonly #waiting = new Map<string, ObservedMachine>();
  readonly #bell = new Bell();

  constructor(
    private readonly kv: Kv,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  get length(): number {
    return this.#waiting.size;
  }

  add(report: ObservedMachine): void {
    const waiting = this.#waiting.get(report.serial);
    // A report of the same boot that arrives late must not take a machine back to an earlier phase.
    const late = waiting?.bootId === report.bootId && waiting.phase === 'running' && report.phase !== 'running';
    if (!late) this.#waiting.set(report.serial, report);
    this.#bell.ring();
  }

  /** Write reports until the signal aborts. Writing one twice does no harm, so whatever fails is written again. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(100, 5_000);
    while (!signal.aborted) {
      if (this.#waiting.size === 0) await this.#bell.wait(signal);
      const batch = [...this.#waiting.values()].slice(0, batchSize);
      if (batch.length === 0) continue;
      try {
        await this.kv.commit({ when: [], put: batch.map((report) => putRecord(records.observedMachine, report)) });
        for (const report of batch) {
          if (this.#waiting.get(report.serial) === report) this.#waiting.delete(report.serial);
        }
        backoff.reset();
      } catch (error) {
        this.onTrouble(error);
        await this.#bell.wait(signal, backoff.next());
      }
    }
  }
}
