// How set-up talks: one line on stderr for each thing that it does, one sentence when it can't.

/** A set-up that can't go on. The message is a whole sentence that says what to do. */
export class SetupError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.name = 'SetupError';
    this.code = code;
  }
}

/** @param {string} text one line, without its end */
export function say(text) {
  process.stderr.write(`berth: ${text}\n`);
}

/**
 * Do one thing and say on one line what, and how long it took.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  process.stderr.write(`berth: ${what} …`);
  const start = performance.now();
  try {
    const result = await work();
    process.stderr.write(` ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write(' failed\n');
    throw error;
  }
}
