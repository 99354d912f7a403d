// What the history has to say beyond single actions.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ChronicleInput, dueTurns, type Turn } from '../../../reconciler/plan/chronicle.ts';
import { type Plan, plan } from '../../../reconciler/plan/plan.ts';
import type { HistoryEntry } from '../../../schema/types/history-entry.ts';
import type { ObservedAgent } from '../../../schema/types/observed-agent.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import { blueprintOf, reportOf, restartOf, serversAt, since } from './racks.ts';

const commit = 'a'.repeat(40);
const other = 'b'.repeat(40);
const blueprint = blueprintOf({ racks: { r0: ['A', 'B'] } });
const machines = [...blueprint.machines.values()];
const [first] = machines;

/** A plan for generation 3, in force; by default every machine runs it. */
function planOf(
  reports: readonly ObservedMachine[] = machines.map((machine) => reportOf(machine)),
  operations: readonly Operation[] = [],
  inForce = 3,
): Plan {
  return plan({
    base: inForce === 0 ? null : { generation: inForce, blueprint },
    target: { blueprint, commit },
    observed: {
      machines: new Map(reports.map((report) => [report.serial, report])),
      operations: new Map(operations.map((operation) => [operation.serial, operation])),
      servers: serversAt(['boot-0'], blueprint, 3),
    },
    history: [],
    origin: () => null,
    now: since + 700_000,
  });
}

function entryOf(turn: Turn, sequence = 1): HistoryEntry {
  return { ...turn, sequence, at: '', server: 'boot-0', previous: null };
}

function due(input: Partial<ChronicleInput>): readonly Turn[] {
  return dueTurns({ plan: planOf(), commitInForce: commit, refused: null, agents: [], history: [], ...input });
}

const converged: Turn = {
  generation: 3,
  event: 'converged',
  commit,
  detail: 'every machine runs what generation 3 says',
};
const refused = { commit: other, code: 'unknown-key', message: 'signed by a stranger' };
const refusedTurn: Turn = {
  generation: 3,
  event: 'refused',
  commit: other,
  detail: 'unknown-key: signed by a stranger',
};

test('when nothing is left to do, the generation has converged', () => {
  assert.equal(due({}), [converged]);
});

test('that is said once for each generation', () => {
  assert.equal(due({ history: [entryOf(converged)] }), []);
  assert.equal(due({ history: [entryOf({ ...converged, generation: 2 })] }), [converged]);
});

if (!first) throw new Error('the site has machines');
const notDone: readonly (readonly [string, Plan])[] = [
  ['a machine has never reported', planOf([reportOf(first)])],
  ['a machine boots on its own', planOf(machines.map((machine) => reportOf(machine, { phase: 'booting' })))],
  [
    'a machine runs something else',
    planOf(machines.map((machine) => reportOf(machine, { bootDigest: 'f'.repeat(64) }))),
  ],
  [
    'an operation is under way',
    planOf(undefined, [restartOf(first, { since: new Date(since + 600_000).toISOString() })]),
  ],
  ['an operation is done and not put down', planOf(undefined, [restartOf(first, { bootIdBefore: 'boot-0' })])],
  ['nothing is published yet', planOf(undefined, [], 0)],
];

for (const [name, made] of notDone) {
  test(`it has not while ${name}`, () => {
    assert.equal(due({ plan: made, commitInForce: made.baseGeneration === null ? null : commit }), []);
  });
}

test('a halt is said with its reason, once for each reason', () => {
  const made = planOf(undefined, [restartOf(first)]);
  const halted: Turn = {
    generation: 3,
    event: 'halted',
    commit,
    detail: 'r0-04 (A) has not come back since 2026-01-01T00:00:00.000Z',
  };
  assert.equal(due({ plan: made }), [halted]);
  assert.equal(due({ plan: made, history: [entryOf(halted)] }), []);
  assert.equal(due({ plan: made, history: [entryOf({ ...halted, detail: 'another machine' })] }), [halted]);
});

test('a refused commit is said once, whatever generation is in force meanwhile', () => {
  const history = [entryOf(converged)];
  assert.equal(due({ refused, history }), [refusedTurn]);
  assert.equal(due({ refused, history: [...history, entryOf(refusedTurn, 2)] }), []);
  assert.equal(due({ refused, history: [...history, entryOf({ ...refusedTurn, generation: 1 }, 2)] }), []);
});

test('refused again for another reason, it is said again', () => {
  const history = [entryOf(converged), entryOf(refusedTurn, 2)];
  assert.equal(
    due({ refused: { ...refused, code: 'invalid-site' }, history }).map(({ detail }) => detail),
    ['invalid-site: signed by a stranger'],
  );
});

test('a commit is refused before there is any generation', () => {
  const made = planOf([], [], 0);
  assert.equal(due({ plan: made, commitInForce: null, refused }), [{ ...refusedTurn, generation: 0 }]);
});

const at = '2026-01-02T03:04:05Z';
const agent: ObservedAgent = { name: 'boot-1', leader: false, version: '0.1.0', at };
const byHand = { commit: other, supersedes: [commit], reason: 'the history was rewritten', by: 'ada as root', at };
const acceptedTurn: Turn = {
  generation: 3,
  event: 'accepted-by-hand',
  commit: other,
  detail: `by ada as root on boot-1 at ${at}, instead of aaaaaaaaaaaa: the history was rewritten`,
};

test('what an administrator accepts by hand on any server leaves a mark, once', () => {
  const history = [entryOf(converged)];
  const agents = [{ ...agent, byHand }];
  assert.equal(due({ agents, history }), [acceptedTurn]);
  assert.equal(due({ agents, history: [...history, entryOf({ ...acceptedTurn, generation: 1 }, 2)] }), []);
  const again = [{ ...agent, byHand: { ...byHand, supersedes: [], at: '2026-02-02T03:04:05Z' } }];
  assert.equal(
    due({ agents: again, history: [...history, entryOf(acceptedTurn, 2)] }).map(({ detail }) => detail),
    ['by ada as root on boot-1 at 2026-02-02T03:04:05Z: the history was rewritten'],
  );
  const nothing = planOf([], [], 0);
  assert.equal(due({ plan: nothing, commitInForce: null, agents }), [{ ...acceptedTurn, generation: 0 }]);
});

test('so does each key that is revoked by hand, whatever is in force', () => {
  const key = 'SHA256:abc';
  const agents = [{ ...agent, revokedByHand: [{ key, from: null, reason: 'stolen', by: 'root', at }] }];
  const turn: Turn = {
    generation: 3,
    event: 'revoked-by-hand',
    commit,
    detail: `key ${key}, by root on boot-1 at ${at}: stolen`,
  };
  const history = [entryOf(converged)];
  assert.equal(due({ agents, history }), [turn]);
  assert.equal(due({ agents, history: [...history, entryOf({ ...turn, generation: 1, commit: other }, 2)] }), []);
});

test.run();
