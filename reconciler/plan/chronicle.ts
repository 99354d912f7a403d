// What the history has to say beyond single actions: turns in the life of a generation, each said once. Pure.
import type { HistoryEntry } from '../../schema/types/history-entry.ts';
import type { ObservedAgent } from '../../schema/types/observed-agent.ts';
import type { Plan } from './plan.ts';

export interface ChronicleInput {
  readonly plan: Plan;
  /** Commit of the generation in force. */
  readonly commitInForce: string | null;
  /** A head that is refused just now. */
  readonly refused: { readonly commit: string; readonly code: string; readonly message: string } | null;
  /** All agents that are alive: what administrators have told them by hand leaves a mark. */
  readonly agents: readonly ObservedAgent[];
  readonly history: readonly HistoryEntry[];
}

export type Turn = Pick<HistoryEntry, 'generation' | 'event' | 'commit' | 'detail'>;

/** The turns that are true now and not in the history yet. */
export function dueTurns({ plan, commitInForce, refused, agents, history }: ChronicleInput): readonly Turn[] {
  const turns: Turn[] = [];
  const generation = plan.baseGeneration ?? 0;
  const settled = plan.actions.length === 0 && plan.underWay.length === 0 && plan.away.length === 0;
  if (commitInForce !== null && plan.generation === generation && settled) {
    const detail = `every machine runs what generation ${generation} says`;
    turns.push({ generation, event: 'converged', commit: commitInForce, detail });
  }
  if (commitInForce !== null && plan.halted !== null) {
    turns.push({ generation, event: 'halted', commit: commitInForce, detail: plan.halted });
  }
  if (refused) {
    const detail = `${refused.code}: ${refused.message}`;
    turns.push({ generation, event: 'refused', commit: refused.commit, detail });
  }
  for (const agent of agents) turns.push(...turnsByHand(agent, generation, commitInForce));
  return turns.filter((turn) => !history.some((entry) => says(entry, turn)));
}

/** What was done on a boot server against what the history alone would say. */
function* turnsByHand(agent: ObservedAgent, generation: number, commitInForce: string | null): Generator<Turn> {
  const { name, byHand, revokedByHand = [] } = agent;
  if (byHand) {
    const { commit, supersedes, reason, by, at } = byHand;
    const instead =
      supersedes.length === 0 ? '' : `, instead of ${supersedes.map((one) => one.slice(0, 12)).join(', ')}`;
    const detail = `by ${by} on ${name} at ${at}${instead}: ${reason}`;
    yield { generation, event: 'accepted-by-hand', commit, detail };
  }
  if (commitInForce === null) return;
  for (const { key, from, reason, by, at } of revokedByHand) {
    const since = from === null ? '' : `, since ${from}`;
    const detail = `key ${key}${since}, by ${by} on ${name} at ${at}: ${reason}`;
    yield { generation, event: 'revoked-by-hand', commit: commitInForce, detail };
  }
}

function says(entry: HistoryEntry, turn: Turn): boolean {
  if (entry.event !== turn.event || entry.detail !== turn.detail) return false;
  switch (turn.event) {
    // Said once, whatever is in force meanwhile.
    case 'revoked-by-hand':
      return true;
    case 'refused':
    case 'accepted-by-hand':
      return entry.commit === turn.commit;
    case 'published':
    case 'converged':
    case 'halted':
      return entry.generation === turn.generation && entry.commit === turn.commit;
  }
}
