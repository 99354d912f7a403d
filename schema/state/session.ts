// A lease that is kept alive, and a holder that knows by itself when it may no longer rely on it.
import { type Clock, pause, systemClock } from './clock.ts';
import type { Kv, LeaseId } from './kv.ts';
import { StateError } from './state-error.ts';

export interface SessionOptions {
  /** Time to live of the lease. */
  readonly ttlSeconds: number;
  readonly clock?: Clock;
}

/** The part of the time to live for which the holder does not rely on it, so that it lets go before etcd does. */
const margin = 1 / 4;
/** Between two keepalives, and for how long one may take, in parts of the time to live. */
const interval = 1 / 5;
/** Before a failed keepalive is made again, in parts of the time to live. */
const retryInterval = 1 / 20;

/**
 * A lease session that fences itself. etcd counts the time to live from when a keepalive arrives, and the session from
 * when it was *sent*, minus a margin, both on monotonic clocks: so a session that is cut off ends here before the lease
 * ends there, and before anyone else can take what is bound to it. A session that has ended stays so.
 */
export class Session {
  readonly lease: LeaseId;
  readonly #kv: Kv;
  readonly #clock: Clock;
  readonly #end = new AbortController();
  #validUntilMs = Number.POSITIVE_INFINITY;
  #stopExpiry: () => void = () => {};

  /** @throws what {@link Kv.grantLease} throws; STATE_LEASE_LOST when the answer took longer than the lease lives */
  static async open(kv: Kv, { ttlSeconds, clock = systemClock }: SessionOptions): Promise<Session> {
    const sentMs = clock.nowMs();
    const lease = await kv.grantLease(ttlSeconds);
    const session = new Session(kv, lease.id, clock);
    session.#extend(sentMs, lease.ttlSeconds);
    session.signal.throwIfAborted();
    void session.#keepAlive(lease.ttlSeconds * 1000);
    return session;
  }

  private constructor(kv: Kv, lease: LeaseId, clock: Clock) {
    this.#kv = kv;
    this.lease = lease;
    this.#clock = clock;
  }

  /** Whether the lease surely still lives. Ask right before relying on it: timers can be late, this is not. */
  get valid(): boolean {
    return !this.signal.aborted && this.#clock.nowMs() < this.#validUntilMs;
  }

  /** Aborts when the session ends, its reason a {@link StateError} STATE_LEASE_LOST. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** End the session and give back the lease, and with it the keys bound to it; if etcd is away, they end with the TTL. */
  async close(): Promise<void> {
    this.#finish('the session was closed');
    await this.#kv.revokeLease(this.lease).catch(() => {});
  }

  async #keepAlive(ttlMs: number): Promise<void> {
    let delayMs = ttlMs * interval;
    for (;;) {
      await pause(this.#clock, delayMs, this.signal);
      if (this.signal.aborted) return;
      const renewed = await this.#renew(ttlMs * interval);
      delayMs = ttlMs * (renewed ? interval : retryInterval);
    }
  }

  /** One keepalive. @returns whether etcd answered */
  async #renew(timeoutMs: number): Promise<boolean> {
    const timeout = new AbortController();
    const stopTimer = this.#clock.after(timeoutMs, () => timeout.abort());
    const sentMs = this.#clock.nowMs();
    try {
      const ttlSeconds = await this.#kv.keepLeaseAlive(this.lease, AbortSignal.any([timeout.signal, this.signal]));
      this.#extend(sentMs, ttlSeconds);
      return true;
    } catch {
      return false; // The session ends by its own clock if this goes on.
    } finally {
      stopTimer();
    }
  }

  /** Rely on the lease for the time to live, counted from when it was asked for. */
  #extend(sentMs: number, ttlSeconds: number): void {
    const late = 'no keepalive was answered in time';
    const validUntilMs = sentMs + ttlSeconds * 1000 * (1 - margin);
    const nowMs = this.#clock.nowMs();
    if (ttlSeconds <= 0) this.#finish('etcd has ended the lease');
    else if (nowMs >= Math.min(this.#validUntilMs, validUntilMs)) this.#finish(late);
    if (this.signal.aborted) return;
    this.#validUntilMs = validUntilMs;
    this.#stopExpiry();
    this.#stopExpiry = this.#clock.after(validUntilMs - nowMs, () => this.#finish(late));
  }

  #finish(why: string): void {
    this.#stopExpiry();
    this.#end.abort(new StateError('STATE_LEASE_LOST', why));
  }
}
