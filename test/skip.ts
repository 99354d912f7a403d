// How a test is skipped: by name, with the reason that the runner prints at its end. Without one the file fails.

/**
 * @param suite uvu's test function, as `test` or from `suite()`
 * @param reason what is missing here, in a few words: `no /dev/kvm`
 */
export function skip(suite: { skip(name: string): void }, name: string, reason: string): void {
  suite.skip(name);
  console.log(`skipped: ${name}: ${reason}`);
}
