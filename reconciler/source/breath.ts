// Long work in turns: what else the process has to do, such as to keep its lease in etcd alive, goes on in between.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long others may have to wait. */
const longestMs = 25;

export class Breath {
  #since = performance.now();

  /** Let others have their turn, if it is time for that. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < longestMs) return;
    await nextTurn();
    this.#since = performance.now();
  }
}
