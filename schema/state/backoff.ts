// How long to wait before trying again.

/** Delays between repeated attempts: they double up to a limit, each shortened by chance so that clients spread out. */
export class Backoff {
  readonly #firstMs: number;
  readonly #limitMs: number;
  #nextMs: number;

  constructor(firstMs: number, limitMs: number) {
    this.#firstMs = firstMs;
    this.#limitMs = limitMs;
    this.#nextMs = firstMs;
  }

  /** The next delay in milliseconds. */
  next(): number {
    const delayMs = this.#nextMs * (0.5 + Math.random() / 2);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#limitMs);
    return delayMs;
  }

  /** Start from the shortest delay again. */
  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
