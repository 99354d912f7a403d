// What an agent says of itself: only what is so, and only what it can say.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AgentFacts, agentNews } from '../../reconciler/agent-news.ts';
import { unaskedReport } from '../../reconciler/source/pull/source-report.ts';
import { putRecord, records } from '../../schema/state/records.ts';
import { compiled, smallSite } from '../small-site.ts';

const [commit, other] = ['a'.repeat(40), 'b'.repeat(40)];
const at = '2026-01-01T00:00:00Z';
const nobody = { name: 'boot-0', version: '1', leads: false, disagreement: null, made: null, sources: [] };
const nothing = { pulled: null, memory: null, belief: { head: null, refused: null, held: null } };
const said = { name: 'boot-0', leader: false, sources: [], version: '1' };
const accepted = { commit, signer: null, trustSet: '0'.repeat(64), at };
const memory = { introduction: null, accepted, anchors: [], revoked: [] };
const site = compiled(await smallSite());
const head = (oid: string) => ({ commit: oid, signer: null, commits: [], compiled: site });
const { root } = site.blueprint;
const byHand = { reason: 'why', by: 'ada', at };
const anchor = { commit: other, supersedes: [commit], ...byHand };
const revoked = { key: 'A'.repeat(40), from: null, ...byHand };
const refused = { commit: other, code: 'unsigned' as const, message: 'why', at };

const rows: readonly (readonly [string, Partial<AgentFacts>, object])[] = [
  ['nothing is known', {}, {}],
  ['it leads', { leads: true }, { leader: true }],
  ['something is accepted, and not looked at yet', { intake: { ...nothing, memory } }, { accepted: commit }],
  [
    'it relies on what it has accepted',
    { intake: { pulled: commit, memory, belief: { ...nothing.belief, head: head(commit) } } },
    { head: commit, accepted: commit, root },
  ],
  [
    'what it relies on is not what is remembered',
    { intake: { pulled: commit, memory, belief: { ...nothing.belief, head: head(other) } } },
    { head: commit, accepted: commit },
  ],
  [
    'it holds',
    { intake: { pulled: other, memory, belief: { head: null, refused, held: 'why' } } },
    { head: other, accepted: commit, refused, held: 'why' },
  ],
  [
    'administrators have told it something: of anchors the last one',
    { intake: { ...nothing, memory: { ...memory, anchors: [{ ...anchor, commit }, anchor], revoked: [revoked] } } },
    { accepted: commit, byHand: anchor, revokedByHand: [revoked] },
  ],
  [
    'a source fails',
    { sources: [{ ...unaskedReport('git'), state: 'failed', error: { code: 'corrupt', message: 'cut off', at } }] },
    { sources: [{ location: 'git', state: 'failed', error: 'corrupt: cut off' }] },
  ],
  [
    'a source gives its branch and not all approvals',
    {
      sources: [
        { ...unaskedReport('git'), state: 'current', approvalsError: { code: 'too-many-refs', message: 'flood', at } },
      ],
    },
    { sources: [{ location: 'git', state: 'current', error: 'too-many-refs: flood' }] },
  ],
];

for (const [what, facts, expected] of rows) {
  test(`what is said when ${what}`, () => {
    const news = agentNews({ ...nobody, intake: nothing, ...facts });
    const since = 'accepted' in expected ? { acceptedSince: at } : {};
    assert.equal(news, { ...said, ...since, ...expected });
    assert.not.throws(() => putRecord(records.observedAgent, { ...news, at }));
  });
}

test.run();
