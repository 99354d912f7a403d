import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describePath, judgePath } from '../../../../reconciler/source/trust/permission.ts';
import type { Demand, TrustSet } from '../../../../reconciler/source/trust/trust-set.ts';

/** Ada and grace may change everything, bob racks; two of the trust group for trust/, two of anybody for racks/r9. */
const trust: Pick<TrustSet, 'whoMayChange' | 'demandsOn' | 'membersOf'> = {
  whoMayChange: (path) => new Set(path.startsWith('racks/') ? ['ada', 'grace', 'bob'] : ['ada', 'grace']),
  demandsOn: (path): Demand[] => {
    if (path.startsWith('trust/')) return [{ signatures: 2, group: 'trust' }];
    if (path === 'racks/r9.yaml') return [{ signatures: 2, group: null }];
    if (path === 'racks/r10.yaml') {
      return [
        { signatures: 1, group: 'trust' },
        { signatures: 3, group: null },
      ];
    }
    return [];
  },
  membersOf: (group) => new Set(group === 'trust' ? ['ada', 'carol'] : []),
};

interface Row {
  readonly name: string;
  readonly path: string;
  readonly standing: readonly string[];
  readonly fault: 'path-not-allowed' | 'threshold-missed' | null;
  readonly needed?: number;
  readonly by?: readonly string[];
}

const rows: readonly Row[] = [
  { name: 'one who may', path: 'racks/r1.yaml', standing: ['bob'], fault: null, by: ['bob'] },
  { name: 'one who may not', path: 'site.yaml', standing: ['bob'], fault: 'path-not-allowed', by: [] },
  { name: 'one who may not, and one who may', path: 'site.yaml', standing: ['bob', 'ada'], fault: null, by: ['ada'] },
  { name: 'nobody', path: 'site.yaml', standing: [], fault: 'path-not-allowed' },
  { name: 'a stranger', path: 'site.yaml', standing: ['eve'], fault: 'path-not-allowed' },
  { name: 'one of two', path: 'racks/r9.yaml', standing: ['bob'], fault: 'threshold-missed', needed: 2, by: ['bob'] },
  { name: 'two of two', path: 'racks/r9.yaml', standing: ['bob', 'ada'], fault: null, needed: 2 },
  { name: 'two, one of whom may not', path: 'racks/r9.yaml', standing: ['bob', 'eve'], fault: 'threshold-missed' },
  { name: 'two of the group', path: 'trust/signers.yaml', standing: ['ada', 'carol'], fault: null, needed: 2 },
  {
    name: 'two who may, one of them outside of the group',
    path: 'trust/signers.yaml',
    standing: ['ada', 'grace'],
    fault: 'threshold-missed',
    by: ['ada'],
  },
  {
    name: 'the group alone, none of whom may change it',
    path: 'trust/signers.yaml',
    standing: ['carol'],
    fault: 'path-not-allowed',
  },
  {
    name: 'the higher of two demands is missed',
    path: 'racks/r10.yaml',
    standing: ['ada', 'bob'],
    fault: 'threshold-missed',
  },
  {
    name: 'the lower of two demands is missed',
    path: 'racks/r10.yaml',
    standing: ['grace', 'bob'],
    fault: 'threshold-missed',
    needed: 1,
  },
  { name: 'both demands are met', path: 'racks/r10.yaml', standing: ['ada', 'grace', 'bob'], fault: null, needed: 3 },
];

for (const { name, path, standing, fault, needed, by } of rows) {
  test(name, () => {
    const verdict = judgePath(trust, path, new Set(standing));
    assert.is(verdict.fault, fault);
    if (needed !== undefined) assert.is(verdict.needed, needed);
    if (by !== undefined) assert.equal(verdict.by, by);
  });
}

test('says how many are missing, and who could be asked', () => {
  const verdict = judgePath(trust, 'trust/signers.yaml', new Set(['ada', 'grace']));
  assert.is(
    describePath(verdict, 'ada'),
    '"trust/signers.yaml", which takes 2 members of trust (ada, carol); ada stands for it',
  );
});

test.run();
