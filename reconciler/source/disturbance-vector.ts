// The disturbance vectors of SHA-1: for each, the differences between the two messages of a collision pair that follows
// it. Every known attack on the whole of SHA-1 takes its differences from one of a few such vectors, whence a block of
// one message tells what the block of the other must have been. M. Stevens, "Counter-cryptanalysis", CRYPTO 2013; the
// two types are those of S. Manuel, "Classification and generation of disturbance vectors for collision attacks against
// SHA-1", 2011.

/** Steps that SHA-1 takes over a block, and words of the expanded message. */
export const steps = 80;
export const stateWords = 5;

/** A vector by the name that the literature gives it: I(k,b) or II(k,b). */
export interface VectorName {
  readonly type: 'I' | 'II';
  /** Step at which the run of (nearly) no disturbances begins. */
  readonly k: number;
  /** Number of the bit about which the disturbances lie. */
  readonly b: number;
}

export interface DisturbanceVector extends VectorName {
  /** Bits in which the expanded messages of the pair differ, a word for each of the 80 steps. */
  readonly wordDifferences: Int32Array;
  /** The states of the pair are equal before this step … */
  readonly equalFrom: number;
  /** … and before all others up to this one, which disturbs them again. */
  readonly equalUntil: number;
  /** Before this step, ahead of those, the states of a pair that follows the vector differ in few bits. */
  readonly checkStep: number;
  /** Not to be exceeded there; see {@link differingBitsLimit}. */
  readonly mostDifferingBits: number;
}

/**
 * From the equal states back to the check: as many steps as there are words of a message that do not depend on each
 * other. An attacker who works forwards has all of them spent before the first check, which is before step 32.
 */
const checkedSteps = 16;

/**
 * A pair is given up when states that differ as its states do become equal with odds below 1 in 2 to this power. Where
 * the vector is followed, one or two bits and their carries differ at the check; the limit is 48 or 49, and of blocks
 * that have nothing to do with the vector about nine in ten are above it.
 */
const closingOddsBits = 40;

/**
 * The vectors that cost an attacker least, the same 32 that Git looks for (M. Stevens and D. Shumow, "Speeding up
 * detection of SHA-1 collision attacks using unavoidable attack conditions", USENIX Security 2017).
 */
const vectorNames: readonly VectorName[] = [
  ...names('I', 0, [43, 44, 45, 46, 47, 48, 49, 50, 51, 52]),
  ...names('I', 2, [46, 47, 48, 49, 50, 51]),
  ...names('II', 0, [45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56]),
  ...names('II', 2, [46, 49, 50, 51]),
];

export const disturbanceVectors: readonly DisturbanceVector[] = vectorNames.map(vectorOf);

function names(type: VectorName['type'], b: number, ks: readonly number[]): VectorName[] {
  return ks.map((k) => ({ type, k, b }));
}

function vectorOf(name: VectorName): DisturbanceVector {
  const disturbances = disturbancesOf(name);
  const at = (step: number): number => disturbances[step + stateWords] ?? 0;
  // A disturbance flips a bit of the word that a step makes. The messages of the next five steps take it out of all that
  // becomes of that word: a, turned by 5; b; c and d, turned by 30; and e.
  const wordDifferences = new Int32Array(steps).map(
    (_, step) =>
      at(step) ^
      rotateLeft(at(step - 1), 5) ^
      at(step - 2) ^
      rotateLeft(at(step - 3) ^ at(step - 4) ^ at(step - 5), 30),
  );
  const equalUntil = name.k + 15;
  let calmFrom = equalUntil;
  while (at(calmFrom - 1) === 0) calmFrom--;
  const equalFrom = calmFrom + stateWords;
  const checkStep = equalFrom - checkedSteps;
  const mostDifferingBits = differingBitsLimit(wordDifferences.subarray(checkStep, checkStep + stateWords));
  return { ...name, wordDifferences, equalFrom, equalUntil, checkStep, mostDifferingBits };
}

/** The disturbances of steps -5 to 79: the 16 words that define the vector, expanded both ways as messages are. */
function disturbancesOf({ type, k, b }: VectorName): Int32Array {
  const words = new Int32Array(stateWords + steps);
  const at = (index: number): number => words[index] ?? 0;
  const first = k + stateWords;
  words[first + 15] = 1 << b;
  if (type === 'II') words[first + 1] = words[first + 3] = rotateLeft(1, b + 31);
  for (let i = first + 16; i < words.length; i++) {
    words[i] = rotateLeft(at(i - 3) ^ at(i - 8) ^ at(i - 14) ^ at(i - 16), 1);
  }
  for (let i = first - 1; i >= 0; i--) {
    words[i] = rotateLeft(at(i + 16), 31) ^ at(i + 13) ^ at(i + 8) ^ at(i + 2);
  }
  return words;
}

/**
 * In how many bits two states can differ and still become equal with odds above those of {@link closingOddsBits}.
 *
 * Undo a step: a sum less the word of the message gives the word e of either state, which differ by a known number, one
 * for each choice of signs for the bits in which the messages differ. Over all words of the message, the odds of the two
 * differing in n given bits are at most 1 in 2^n for each such number. The topmost bit has no sign, and so does not
 * count on either side. Five steps undone make a whole state: odds of 2^(5 + differing bits of the messages - n) for
 * equal states to come from these. As each step is one to one, the odds of these leading to equal states are the same.
 * @param messages differences between the words of the five steps
 */
function differingBitsLimit(messages: Int32Array): number {
  const signs = messages.reduce((sum, word) => sum + bitCount(word & 0x7fffffff), 0);
  return closingOddsBits + stateWords + signs;
}

/** @returns how many of the 32 bits are set */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
