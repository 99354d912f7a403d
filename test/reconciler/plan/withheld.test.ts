// When boot servers disagree on the newest commit.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Disagreement,
  disagreement,
  disagreementText,
  type WithheldInput,
} from '../../../reconciler/plan/withheld.ts';
import type { ObservedAgent } from '../../../schema/types/observed-agent.ts';

const mine = 'a'.repeat(40);
const theirs = 'b'.repeat(40);
const others = 'c'.repeat(40);
const root = '1'.repeat(64);
const otherRoot = '2'.repeat(64);
const now = Date.parse('2026-01-01T01:00:00Z');
/** 900 and 901 seconds before. */
const fresh = '2026-01-01T00:45:00Z';
const stale = '2026-01-01T00:44:59Z';

type Standing = 'same' | 'ahead' | 'behind' | 'aside' | 'unknown';

function agent(
  name: string,
  accepted: string,
  acceptedSince: string,
  more: Partial<ObservedAgent> = {},
): ObservedAgent {
  return { name, leader: false, version: '1', at: stale, accepted, acceptedSince, root, ...more };
}

function found(
  agents: readonly ObservedAgent[],
  relations: readonly (readonly [string, Standing])[] = [],
  more: Partial<WithheldInput> = {},
): Disagreement | null {
  const own = { name: 'boot-0', accepted: mine, root, version: '1', staleAfterSeconds: 900, now };
  return disagreement({ ...own, agents, relations: new Map(relations), ...more });
}

const rows: readonly (readonly [string, Standing, string, Disagreement['kind'] | null])[] = [
  ['what this one has, and more came after', 'ahead', stale, null],
  ['newer, and it may be on its way', 'behind', fresh, null],
  ['newer, for too long', 'behind', stale, 'behind'],
  ['not here, and it may be on its way', 'unknown', fresh, null],
  ['not here, for too long', 'unknown', stale, 'behind'],
  ['of another line, at once', 'aside', fresh, 'aside'],
];

for (const [name, standing, since, kind] of rows) {
  test(`another one has a commit that is ${name}`, () => {
    const expected = kind === null ? null : { kind, server: 'boot-1', commit: theirs, since };
    assert.equal(found([agent('boot-1', theirs, since)], [[theirs, standing]]), expected);
  });
}

test('the same commit must come to the same, where the same version compiles it', () => {
  const differs = { kind: 'differs', server: 'boot-1', commit: mine, since: fresh };
  assert.equal(found([agent('boot-1', mine, fresh)]), null);
  assert.equal(found([agent('boot-1', mine, fresh, { root: otherRoot })]), differs);
  assert.equal(found([agent('boot-1', mine, fresh, { root: otherRoot, version: '2' })]), null);
  assert.equal(found([agent('boot-1', mine, fresh, { root: otherRoot })], [], { root: null }), null);
});

test('nobody disagrees with itself, with who has accepted nothing, or before it was looked into', () => {
  assert.equal(found([agent('boot-0', theirs, stale)], [[theirs, 'behind']]), null);
  assert.equal(found([{ name: 'boot-1', leader: true, version: '1', at: stale }]), null);
  assert.equal(found([agent('boot-1', theirs, stale)]), null);
  assert.equal(found([agent('boot-1', theirs, stale)], [[theirs, 'unknown']], { accepted: null }), null);
});

test('of several, the worst is told, and of those the oldest', () => {
  const behind = agent('boot-1', theirs, '2026-01-01T00:00:00Z');
  const longer = agent('boot-2', others, '2025-12-31T00:00:00Z');
  const relations = [
    [theirs, 'unknown'],
    [others, 'behind'],
  ] as const;
  assert.is(found([behind, longer], relations)?.server, 'boot-2');
  const differs = agent('boot-3', mine, fresh, { root: otherRoot });
  assert.is(found([behind, longer, differs], relations)?.kind, 'differs');
});

test('each is said in words', () => {
  for (const kind of ['behind', 'aside', 'differs'] as const) {
    const text = disagreementText({ kind, server: 'boot-1', commit: theirs, since: fresh });
    assert.match(text, /^boot-1 has (accepted|compiled the same) commit? ?b{12} |^boot-1 .*b{12}/);
  }
});

test.run();
