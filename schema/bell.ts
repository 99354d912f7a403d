// Wakes a loop. A ring while nobody waits is kept for the next who does; many rings are one.
export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at once after a ring, else at the next ring, after `timeoutMs`, or when the signal aborts. */
  async wait(signal: AbortSignal, timeoutMs?: number): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = timeoutMs === undefined ? undefined : setTimeout(done, timeoutMs);
        this.#wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
    this.#wake = null;
    this.#rung = false;
  }
}
