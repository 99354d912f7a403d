// SHA-1 (FIPS 180-4 §6.1.2) that notices when what it hashes is one half of a collision attack, as Git's own does.
//
// The halves of a collision differ in known bits (see disturbance-vector.ts), and about step 60 of the attacked block
// both computations are in the same state. So for each block and each vector the other half is worked out: from that
// state, with the other half's words, back to the start of the block and on to its end. When both halves leave the block
// with the same sum, the block was made so: of other blocks, one in 2^155 does that. Most pairs are given up on the way
// back, when their states have come to differ in more bits than those of any feasible attack.
import { bitCount, type DisturbanceVector, disturbanceVectors, stateWords, steps } from './disturbance-vector.ts';

export interface Sha1 {
  /** The digest in 40 hex digits; the true SHA-1, attacked or not. */
  readonly hex: string;
  /** Whether the message is one half of a collision attack: its digest may name another message too. */
  readonly attacked: boolean;
}

const blockBytes = 64;
const lengthBytes = 8;
const initialSum = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

// Room for the block at hand, made once. Hashing is never interrupted, so that nobody finds another's block here.
const sum = new Int32Array(stateWords);
const words = new Int32Array(steps);
/** What each step made: the state before step i, a to e, is [i + 4] to [i], the last three of them turned by 30. */
const history = new Int32Array(stateWords + steps);
const otherHistory = new Int32Array(stateWords + steps);
const noDifferences = new Int32Array(steps);

/** @param parts the message, cut anywhere */
export function sha1(...parts: readonly Uint8Array[]): Sha1 {
  sum.set(initialSum);
  const block = new DataView(new ArrayBuffer(blockBytes));
  const bytes = new Uint8Array(block.buffer);
  let filled = 0;
  let sizeBytes = 0;
  let attacked = false;
  const hashBlock = (): void => {
    attacked = addBlock(block) || attacked;
    bytes.fill(0);
    filled = 0;
  };
  for (const part of parts) {
    sizeBytes += part.length;
    for (let offset = 0; offset < part.length; ) {
      const taken = part.subarray(offset, offset + blockBytes - filled);
      bytes.set(taken, filled);
      offset += taken.length;
      filled += taken.length;
      if (filled === blockBytes) hashBlock();
    }
  }
  bytes[filled] = 0x80;
  if (filled >= blockBytes - lengthBytes) hashBlock();
  block.setBigUint64(blockBytes - lengthBytes, BigInt(sizeBytes) * 8n);
  hashBlock();
  return { hex: Array.from(sum, hexOfWord).join(''), attacked };
}

/** @returns whether the block is one half of a collision attack */
function addBlock(block: DataView): boolean {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(i * 4);
  for (let i = 16; i < steps; i++) {
    words[i] = rotateLeft(at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16), 1);
  }
  for (let n = 0; n < stateWords; n++) history[4 - n] = n < 2 ? at(sum, n) : rotateLeft(at(sum, n), 2);
  runForwards(history, noDifferences, 0, steps);
  for (let n = 0; n < stateWords; n++) sum[n] = at(sum, n) + stateWord(history, steps, n);
  return disturbanceVectors.some(collides);
}

/** Whether the block and the one that differs from it as the vector says leave the same sum. */
function collides(vector: DisturbanceVector): boolean {
  const { wordDifferences, equalFrom, equalUntil, checkStep } = vector;
  copyState(equalFrom);
  runBackwards(otherHistory, wordDifferences, equalFrom, checkStep);
  if (differingBits(checkStep) > vector.mostDifferingBits) return false;
  runBackwards(otherHistory, wordDifferences, checkStep, 0);
  copyState(equalUntil);
  runForwards(otherHistory, wordDifferences, equalUntil, steps);
  for (let n = 0; n < stateWords; n++) {
    if (((stateWord(otherHistory, 0, n) + stateWord(otherHistory, steps, n)) | 0) !== at(sum, n)) return false;
  }
  return true;
}

/** Give the other half the state that this one has before a step. */
function copyState(step: number): void {
  for (let i = step; i < step + stateWords; i++) otherHistory[i] = at(history, i);
}

/** In how many bits the states of the halves before a step differ. */
function differingBits(step: number): number {
  let count = 0;
  for (let i = step; i < step + stateWords; i++) count += bitCount(at(history, i) ^ at(otherHistory, i));
  return count;
}

/** Take the steps up to one, and keep what each makes. @param differences from {@link words} */
function runForwards(made: Int32Array, differences: Int32Array, from: number, until: number): void {
  let a = stateWord(made, from, 0);
  let b = stateWord(made, from, 1);
  let c = stateWord(made, from, 2);
  let d = stateWord(made, from, 3);
  let e = stateWord(made, from, 4);
  for (let step = from; step < until; step++) {
    const word = at(words, step) ^ at(differences, step);
    const next = (rotateLeft(a, 5) + mixed(step, b, c, d) + e + word) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
    made[step + stateWords] = next;
  }
}

/**
 * Undo the steps before one, down to another, and keep the state before that. Nearly all the time goes into this, so
 * each kind of step has a loop of its own, without calls.
 * @param differences from {@link words}
 */
function runBackwards(made: Int32Array, differences: Int32Array, from: number, downTo: number): void {
  let a = stateWord(made, from, 0);
  let b = stateWord(made, from, 1);
  let c = stateWord(made, from, 2);
  let d = stateWord(made, from, 3);
  let e = stateWord(made, from, 4);
  let step = from;
  while (step > Math.max(downTo, 60)) {
    step--;
    const word = (words[step] ?? 0) ^ (differences[step] ?? 0);
    const next = a;
    a = b;
    b = (c << 2) | (c >>> 30);
    c = d;
    d = e;
    e = (next - ((a << 5) | (a >>> 27)) - (b ^ c ^ d) - 0xca62c1d6 - word) | 0;
  }
  while (step > Math.max(downTo, 40)) {
    step--;
    const word = (words[step] ?? 0) ^ (differences[step] ?? 0);
    const next = a;
    a = b;
    b = (c << 2) | (c >>> 30);
    c = d;
    d = e;
    e = (next - ((a << 5) | (a >>> 27)) - ((b & c) | ((b | c) & d)) - 0x8f1bbcdc - word) | 0;
  }
  while (step > Math.max(downTo, 20)) {
    step--;
    const word = (words[step] ?? 0) ^ (differences[step] ?? 0);
    const next = a;
    a = b;
    b = (c << 2) | (c >>> 30);
    c = d;
    d = e;
    e = (next - ((a << 5) | (a >>> 27)) - (b ^ c ^ d) - 0x6ed9eba1 - word) | 0;
  }
  while (step > downTo) {
    step--;
    const word = (words[step] ?? 0) ^ (differences[step] ?? 0);
    const next = a;
    a = b;
    b = (c << 2) | (c >>> 30);
    c = d;
    d = e;
    e = (next - ((a << 5) | (a >>> 27)) - ((b & c) | (~b & d)) - 0x5a827999 - word) | 0;
  }
  made[downTo] = rotateLeft(e, 2);
  made[downTo + 1] = rotateLeft(d, 2);
  made[downTo + 2] = rotateLeft(c, 2);
  made[downTo + 3] = b;
  made[downTo + 4] = a;
}

/** The function and the constant of a step. */
function mixed(step: number, b: number, c: number, d: number): number {
  if (step < 20) return (((b & c) | (~b & d)) + 0x5a827999) | 0;
  if (step < 40) return ((b ^ c ^ d) + 0x6ed9eba1) | 0;
  if (step < 60) return (((b & c) | ((b | c) & d)) + 0x8f1bbcdc) | 0;
  return ((b ^ c ^ d) + 0xca62c1d6) | 0;
}

/** Word n of the state before a step, from 0 for a to 4 for e. */
function stateWord(made: Int32Array, step: number, n: number): number {
  const word = at(made, step + 4 - n);
  return n < 2 ? word : rotateLeft(word, 30);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function at(array: Int32Array, index: number): number {
  return array[index] ?? 0;
}

function hexOfWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
