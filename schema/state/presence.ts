// A record that exists for as long as its writer lives: bound to the lease of a session that is opened again when lost.
import { setTimeout as delay } from 'node:timers/promises';
import { Bell } from '../bell.ts';
import { Backoff } from './backoff.ts';
import type { Kv } from './kv.ts';
import { putRecord, type RecordKind } from './records.ts';
import { Session } from './session.ts';

export interface PresenceOptions<T> {
  readonly kv: Kv;
  readonly kind: RecordKind<T>;
  /** How long after its writer's death the record stays. */
  readonly ttlSeconds: number;
  /** Told when the record cannot be written; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

export class Presence<T> {
  readonly #bell = new Bell();
  readonly #options: PresenceOptions<T>;
  #value: T | null = null;

  constructor(options: PresenceOptions<T>) {
    this.#options = options;
  }

  /** What the record says from now on. */
  set(value: T): void {
    this.#value = value;
    this.#bell.ring();
  }

  /** Keep the record written until the signal aborts, then take it away. */
  async run(signal: AbortSignal): Promise<void> {
    const { kv, ttlSeconds, onTrouble } = this.#options;
    const backoff = new Backoff(200, 5_000);
    while (!signal.aborted) {
      let session: Session | null = null;
      try {
        session = await Session.open(kv, { ttlSeconds });
        const alive = AbortSignal.any([signal, session.signal]);
        await this.#write(session, alive, () => backoff.reset());
      } catch (error) {
        onTrouble(error);
        await delay(backoff.next(), undefined, { signal }).catch(() => {});
      } finally {
        await session?.close();
      }
    }
  }

  async #write(session: Session, alive: AbortSignal, onWritten: () => void): Promise<void> {
    let written: T | null = null;
    while (!alive.aborted) {
      const value = this.#value;
      if (value !== null && value !== written) {
        await this.#options.kv.commit({ when: [], put: [putRecord(this.#options.kind, value, session.lease)] });
        written = value;
        onWritten();
      }
      await this.#bell.wait(alive);
    }
  }
}
