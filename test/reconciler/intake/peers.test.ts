// What an agent pulls for and says when other agents have accepted something else.
import { pino } from 'pino';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAgentMetrics } from '../../../reconciler/agent-metrics.ts';
import { Peers } from '../../../reconciler/intake/peers.ts';
import type { Relation } from '../../../reconciler/source/relation.ts';
import type { ObservedAgent } from '../../../schema/types/observed-agent.ts';

const [mine, one, two] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const now = Date.parse('2026-01-01T01:00:00Z');
const since = '2026-01-01T00:44:50Z';

function agents(...accepted: readonly string[]): readonly ObservedAgent[] {
  return accepted.map((commit, index) => ({
    ...{ name: `boot-${index}`, leader: false, version: '1', at: since },
    ...{ accepted: commit, acceptedSince: since },
  }));
}

function peers() {
  const metrics = createAgentMetrics();
  const logged: { readonly event?: string }[] = [];
  const log = pino({}, { write: (line: string) => logged.push(JSON.parse(line)) });
  let pulls = 0;
  const onUnknown = () => pulls++;
  const made = new Peers({ name: 'boot-0', version: '1', staleAfterSeconds: 900, metrics, log, onUnknown });
  const relations = new Map<string, Relation | 'unknown'>();
  return {
    relations,
    logged,
    metrics,
    disagreement: () => made.disagreement,
    pulls: () => pulls,
    compare: (alive: readonly ObservedAgent[], accepted: string | null = mine) =>
      made.compare({ accepted, root: null, relations, agents: alive, now }),
  };
}

test('what others have accepted is pulled for once, however many they are', () => {
  const { compare, pulls, relations } = peers();
  for (let again = 0; again < 3; again++) compare(agents(mine, one, two));
  assert.is(pulls(), 1);
  relations.set(one, 'behind');
  compare(agents(mine, one, two));
  assert.is(pulls(), 1, 'one of them is known by now');
  compare(agents(mine, one, one));
  compare(agents(mine, one, two));
  assert.is(pulls(), 2, 'it had been gone for a while');
});

test('nothing is pulled for what is here, what this server says itself, or before it has accepted anything', () => {
  const { compare, pulls, relations } = peers();
  relations.set(one, 'ahead');
  compare(agents(two, one, mine));
  compare(agents(mine, one, two), null);
  assert.is(pulls(), 0);
});

test('a disagreement is told once, counted while it lasts, and gone when it is over', async () => {
  const { compare, relations, logged, metrics, disagreement } = peers();
  relations.set(one, 'behind');
  compare(agents(mine, one));
  compare(agents(mine, one));
  assert.equal(disagreement(), { kind: 'behind', server: 'boot-1', commit: one, since });
  assert.equal(
    logged.map(({ event }) => event),
    ['behind'],
  );
  assert.match(await metrics.registry.metrics(), /^berth_behind_seconds 910$/m);
  compare(agents(mine, mine));
  assert.is(disagreement(), null);
  assert.match(await metrics.registry.metrics(), /^berth_behind_seconds 0$/m);
  compare(agents(mine, one));
  assert.is(logged.length, 2);
});

test.run();
