// Numbers that look random and are the same in each run, so that a failure can be seen again.

export interface RandomNumbers {
  /** A whole number from 0 up to below a limit. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(list: Iterable<T>): T[];
}

/** @param seed the same one gives the same numbers (mulberry32) */
export function randomNumbers(seed: number): RandomNumbers {
  let state = seed;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    shuffled: (list) => {
      const result = [...list];
      for (let end = result.length - 1; end > 0; end--) {
        const other = below(end + 1);
        [result[end], result[other]] = [result[other], result[end]] as [
          (typeof result)[number],
          (typeof result)[number],
        ];
      }
      return result;
    },
  };
}
