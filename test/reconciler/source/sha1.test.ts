import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bitCount, type DisturbanceVector, disturbanceVectors } from '../../../reconciler/source/disturbance-vector.ts';
import { sha1 } from '../../../reconciler/source/sha1.ts';
import { GitFixture } from '../../git.ts';
import { randomNumbers } from '../../random.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());

const blockBytes = 64;

// The collision of M. Stevens, E. Bursztein, P. Karpman, A. Albertini and Y. Markov, 2017 (shattered.io): two files that
// begin alike, go on in two blocks each that differ, and may end alike in any way.
const beginning = Buffer.from(
  '%PDF-1.3\n%\xe2\xe3\xcf\xd3\n\n\n1 0 obj\n<</Width 2 0 R/Height 3 0 R/Type 4 0 R/Subtype 5 0 R/Filter 6 0 R' +
    '/ColorSpace 7 0 R/Length 8 0 R/BitsPerComponent 8>>\nstream\n\xff\xd8\xff\xfe\x00$SHA-1 is dead!!!!!' +
    '\x85\x2f\xec\x09\x23\x39\x75\x9c\x39\xb1\xa1\xc6\x3c\x4c\x97\xe1\xff\xfe\x01',
  'latin1',
);
const shattered = [
  '7f46dc93a6b67e013b029aaa1db2560b45ca67d688c7f84b8c4c791fe02b3df614f86db1690901c56b45c1530afedfb76038e972722fe7ad' +
    '728f0e4904e046c230570fe9d41398abe12ef5bc942be33542a4802d98b5d70f2a332ec37fac3514e74ddc0f2cc1a874cd0c78305a215664' +
    '61309789606bd0bf3f98cda8044629a1',
  '7346dc9166b67e118f029ab621b2560ff9ca67cca8c7f85ba84c79030c2b3de218f86db3a90901d5df45c14f26fedfb3dc38e96ac22fe7bd' +
    '728f0e45bce046d23c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf93ac3500eb4ddc0decc1a864790c782c76215660' +
    'dd309791d06bd0af3f98cda4bc4629b1',
].map((blocks) => Buffer.concat([beginning, Buffer.from(blocks, 'hex')])) as [Buffer, Buffer];

function nodeSha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

function randomBytes(sizeBytes: number, seed: number): Buffer {
  const random = randomNumbers(seed);
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, () => random.below(256)));
}

test('the digest is that of node:crypto for each length about the ends of blocks, and for long messages', () => {
  const long = randomBytes(100_003, 1);
  for (let sizeBytes = 0; sizeBytes <= 3 * blockBytes; sizeBytes++) {
    const bytes = long.subarray(sizeBytes, 2 * sizeBytes);
    assert.is(sha1(bytes).hex, nodeSha1(bytes), `${sizeBytes} bytes`);
  }
  assert.is(sha1(long).hex, nodeSha1(long));
});

test('it is the same wherever the message is cut', () => {
  const random = randomNumbers(2);
  const bytes = randomBytes(1000, 3);
  for (let round = 0; round < 200; round++) {
    const parts: Buffer[] = [];
    for (let rest = bytes; rest.length > 0; rest = rest.subarray(parts.at(-1)?.length)) {
      parts.push(rest.subarray(0, random.below(200)));
    }
    assert.is(sha1(...parts).hex, nodeSha1(bytes), parts.map((part) => part.length).join());
  }
});

test('both halves of SHAttered are found, whatever follows and however they are cut', () => {
  const [first, second] = shattered;
  assert.not.equal(first, second);
  assert.is(nodeSha1(first), nodeSha1(second), 'the two are a collision');
  for (const half of shattered) {
    assert.equal(sha1(half), { hex: nodeSha1(half), attacked: true });
    const longer = Buffer.concat([half, randomBytes(10 * blockBytes + 7, 4)]);
    assert.equal(sha1(longer), { hex: nodeSha1(longer), attacked: true });
    assert.equal(sha1(half.subarray(0, 5), half.subarray(5, 300), half.subarray(300)).attacked, true);
  }
});

test('a half is none any more when a single bit of it changes, or when its last block is missing', () => {
  for (const half of shattered) {
    for (let bit = 0; bit < half.length * 8; bit++) {
      const changed = Buffer.from(half);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.not(sha1(changed).attacked, `bit ${bit}`);
    }
    assert.not(sha1(half.subarray(0, -blockBytes)).attacked);
  }
});

test('as files in Git the two do not collide, and are taken by Git and by us', () => {
  const repository = fixture.repository();
  const names = shattered.map((half) => {
    const { hex, attacked } = sha1(Buffer.from(`blob ${half.length}\0`), half);
    assert.is(hex, repository.store(half, 'blob'));
    assert.not(attacked);
    return hex;
  });
  assert.is(new Set(names).size, 2);
});

test('no attack is seen in millions of bytes of other data', () => {
  const sizeBytes = 1_500_000;
  const random = randomBytes(sizeBytes, 5);
  assert.not(sha1(random).attacked, 'random');
  assert.not(sha1(Buffer.alloc(sizeBytes / 4)).attacked, 'zeros');
  assert.not(sha1(Buffer.alloc(sizeBytes / 4, 0xff)).attacked, 'ones');
  assert.not(sha1(Buffer.from(random.subarray(0, sizeBytes / 4).toString('base64'))).attacked, 'text');
});

const wordsOf = (block: Buffer): number[] => Array.from({ length: 16 }, (_, i) => block.readInt32BE(i * 4));
const nameOf = ({ type, k, b }: DisturbanceVector): string => `${type}(${k},${b})`;

test('the blocks of SHAttered differ as one of the vectors says', () => {
  const [first, second] = shattered;
  for (const start of [beginning.length, beginning.length + blockBytes]) {
    const others = wordsOf(second.subarray(start));
    const differences = wordsOf(first.subarray(start)).map((word, i) => word ^ (others[i] ?? 0));
    const follows = disturbanceVectors.filter(({ wordDifferences }) =>
      differences.every((x, i) => x === wordDifferences[i]),
    );
    assert.equal(follows.map(nameOf), ['II(52,0)']);
  }
});

test('no vector stands twice', () => {
  assert.is(new Set(disturbanceVectors.map(nameOf)).size, disturbanceVectors.length);
  assert.is(
    new Set(disturbanceVectors.map(({ wordDifferences }) => wordDifferences.join())).size,
    disturbanceVectors.length,
  );
});

for (const vector of disturbanceVectors) {
  test(`vector ${nameOf(vector)}: its differences are those of two messages`, () => {
    const at = (step: number): number => vector.wordDifferences[step] ?? Number.NaN;
    for (let step = 16; step < 80; step++) {
      assert.is(at(step), rotateLeft(at(step - 3) ^ at(step - 8) ^ at(step - 14) ^ at(step - 16), 1), `step ${step}`);
    }
  });

  test(`vector ${nameOf(vector)}: they cancel out until the states are equal, and leave little at the check`, () => {
    const states = statesWithoutCarries(vector);
    const differingBits = (step: number): number => (states[step] ?? []).reduce((sum, word) => sum + bitCount(word), 0);
    for (let step = vector.equalFrom; step <= vector.equalUntil; step++) assert.is(differingBits(step), 0, `${step}`);
    assert.ok(differingBits(vector.equalFrom - 1) > 0, 'equal from no earlier step');
    assert.ok(differingBits(vector.equalUntil + 1) > 0, 'equal until no later step');
    const left = differingBits(vector.checkStep);
    assert.ok(left * 10 < vector.mostDifferingBits, `${left} of at most ${vector.mostDifferingBits}`);
    // Of the states of a pair that has nothing to do with the vector, 80 of the 160 bits differ.
    assert.ok(vector.mostDifferingBits < 60, `${vector.mostDifferingBits} leaves nothing out`);
  });
}

/**
 * How the states of a pair differ before each step, 0 to 80, were all sums and functions of SHA-1 the exclusive or. What
 * a vector must cancel cancels out in this simpler hash; the disturbances of one step reach exactly five steps further.
 */
function statesWithoutCarries({ wordDifferences, equalFrom }: DisturbanceVector): readonly (readonly number[])[] {
  const states: number[][] = [];
  states[equalFrom] = [0, 0, 0, 0, 0];
  for (let step = equalFrom; step < 80; step++) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = states[step] ?? [];
    const made = rotateLeft(a, 5) ^ b ^ c ^ d ^ e ^ (wordDifferences[step] ?? 0);
    states[step + 1] = [made, a, rotateLeft(b, 30), c, d];
  }
  for (let step = equalFrom - 1; step >= 0; step--) {
    const [made = 0, a = 0, turned = 0, c = 0, d = 0] = states[step + 1] ?? [];
    const b = rotateLeft(turned, 2);
    states[step] = [a, b, c, d, made ^ rotateLeft(a, 5) ^ b ^ c ^ d ^ (wordDifferences[step] ?? 0)];
  }
  return states;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

test.run();
