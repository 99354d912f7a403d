// Names of commits with steps to their ancestors, over a history of this shape:
//
//   root ── one ── two ── merge ── head
//      └─── side ────────┘
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRevision, type RevisionSource, resolveRevision } from '../../../reconciler/source/revision.ts';

const parents: Readonly<Record<string, readonly string[]>> = {
  head: ['merge'],
  merge: ['two', 'side'],
  two: ['one'],
  one: ['root'],
  side: ['root'],
  root: [],
};

const source: RevisionSource = {
  commitOf: async (name) => {
    if (name === 'HEAD') return 'head';
    if (parents[name]) return name;
    throw new Error(`there is no ${name}`);
  },
  parentsOf: async (commit) => parents[commit] ?? [],
};

const rows: readonly (readonly [string, string])[] = [
  ['HEAD', 'head'],
  ['HEAD~', 'merge'],
  ['HEAD^', 'merge'],
  ['HEAD~1', 'merge'],
  ['HEAD^1', 'merge'],
  ['HEAD~0', 'head'],
  ['HEAD^0', 'head'],
  ['HEAD~2', 'two'],
  ['HEAD^^', 'two'],
  ['HEAD~~', 'two'],
  ['HEAD^^2', 'side'],
  ['merge^2', 'side'],
  ['merge^2~1', 'root'],
  ['HEAD~1^2~1', 'root'],
  ['HEAD~4', 'root'],
  ['head^1~1^2^', 'has one parent'],
  ['HEAD~5', 'root has no parent: it is the first commit'],
  ['root^', 'root has no parent: it is the first commit'],
  ['merge^3', 'merge has 2 parents'],
  ['HEAD~999999999999', 'no parent'],
  ['nowhere~1', 'there is no nowhere'],
  ['', 'no branch, tag or id'],
  ['~1', 'no branch, tag or id'],
  ['HEAD~x', 'no branch, tag or id'],
  ['HEAD^{tree}', 'no branch, tag or id'],
  ['HEAD^-1', 'no branch, tag or id'],
];

for (const [revision, expected] of rows) {
  test(`${revision || 'nothing'}: ${expected}`, async () => {
    const found = await resolveRevision(revision, source).catch((error: Error) => error.message);
    if (expected.includes(' ')) assert.match(found, expected);
    else assert.is(found, expected);
  });
}

test('names keep their own signs', () => {
  assert.equal(parseRevision('feature/a-b_c.d@2~2^2'), { name: 'feature/a-b_c.d@2', steps: [1, 1, 2] });
});

test.run();
