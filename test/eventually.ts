// How a test waits: for a condition, with a deadline, never for a fixed time.

/**
 * Ask again and again until the answer is true.
 * @param pauseMs between two times; more than the few usual milliseconds for a question that costs something
 * @throws when it is not within the deadline
 */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
  pauseMs = 5,
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
