// A stand-in machine and its power: off, or on and booting, or on and running.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BootEvent } from './boot-event.ts';

export interface PowerEvent {
  /** A restart shows as off and on; `boot-failed` is followed by the machine's own reset. */
  readonly stage: 'power-on' | 'power-off' | 'boot-failed';
  readonly serial: string;
  /** Of the boot that begins or ends, null when it had not begun. */
  readonly bootId: string | null;
  readonly detail: string;
  /** Since the power came on; 0 when it comes on. */
  readonly durationMs: number;
  /** Of a failed boot. */
  readonly code?: string;
}

/** All that can be seen of a stand-in. */
export type MachineEvent = BootEvent | PowerEvent;

/** Faults for tests and drills; each counts from the next boot. */
export interface MachineFaults {
  /** Time that the machine takes before its first DISCOVER; 0 usually. */
  bootDelayMs: number;
  /** The power comes on, and nothing ever follows. */
  neverComesBack: boolean;
}

export interface PoweredMachineOptions {
  readonly serial: string;
  /** Boot once; resolves when the machine runs, rejects when the boot fails or the signal aborts. */
  readonly boot: (bootId: string, signal: AbortSignal) => Promise<void>;
  /** How long a machine whose boot has failed waits before it resets itself. */
  readonly resetDelayMs: number;
  readonly onEvent: (event: MachineEvent) => void;
}

interface PowerSession {
  readonly onSinceMs: number;
  readonly cut: AbortController;
  /** Settles when nothing of the session is left; never rejects. */
  readonly over: Promise<void>;
}

export class PoweredMachine {
  readonly faults: MachineFaults = { bootDelayMs: 0, neverComesBack: false };
  readonly #options: PoweredMachineOptions;
  #session: PowerSession | null = null;
  /** The sessions before, which may still be letting go of their ports. */
  #past: Promise<void> = Promise.resolve();
  #bootId: string | null = null;
  #running = false;

  constructor(options: PoweredMachineOptions) {
    this.#options = options;
  }

  get serial(): string {
    return this.#options.serial;
  }

  get power(): 'on' | 'off' {
    return this.#session === null ? 'off' : 'on';
  }

  /** Of the boot under way or done; null before the first one since power-on. */
  get bootId(): string | null {
    return this.#bootId;
  }

  /** Whether it has reported that it runs. */
  get running(): boolean {
    return this.#running;
  }

  /** Nothing happens when it is on. */
  powerOn(): void {
    if (this.#session !== null) return;
    const cut = new AbortController();
    this.#session = { onSinceMs: performance.now(), cut, over: this.#live(this.#past, cut.signal) };
    this.#tell('power-on', 'power is on');
  }

  /** Nothing happens when it is off. */
  powerOff(): void {
    const session = this.#session;
    if (session === null) return;
    this.#tell('power-off', 'power is off');
    this.#session = null;
    this.#past = session.over;
    this.#bootId = null;
    this.#running = false;
    session.cut.abort();
  }

  /** Off and on again, or just on. */
  restart(): void {
    this.powerOff();
    this.powerOn();
  }

  /** Power off and wait until nothing is under way. */
  async close(): Promise<void> {
    this.powerOff();
    await this.#past;
  }

  /** Boot until a boot succeeds, then run until the power goes. */
  async #live(past: Promise<void>, signal: AbortSignal): Promise<void> {
    await past;
    while (!signal.aborted) {
      const bootId = randomUUID();
      this.#bootId = bootId;
      try {
        await this.#bootOnce(bootId, signal);
        this.#running = true;
        return;
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.#tell('boot-failed', reason, codeOf(error));
      }
      // Rejects only because the power went, which the loop sees for itself.
      await sleep(this.#options.resetDelayMs, undefined, { signal }).catch(() => {});
    }
  }

  async #bootOnce(bootId: string, signal: AbortSignal): Promise<void> {
    const { bootDelayMs, neverComesBack } = this.faults;
    if (neverComesBack) await once(signal, 'abort');
    await sleep(bootDelayMs, undefined, { signal });
    await this.#options.boot(bootId, signal);
    signal.throwIfAborted();
  }

  #tell(stage: PowerEvent['stage'], detail: string, code?: string): void {
    const durationMs = this.#session === null ? 0 : performance.now() - this.#session.onSinceMs;
    this.#options.onEvent({
      stage,
      serial: this.serial,
      bootId: this.#bootId,
      detail,
      durationMs,
      ...(code === undefined ? {} : { code }),
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNEXPECTED';
}
