// What the history has to say beyond single actions: turns in the life of a generation, each said once. Pure.
import type { HistoryEntry } from '../../schema/types/history-entry.ts';
import type { Plan } from './plan.ts';

export interface ChronicleInput {
  readonly plan: Plan;
  /** Commit of the generation in force. */
  readonly commitInForce: string | null;
  /** A head that is refused just now. */
  readonly refused: { readonly commit: string; readonly code: string; readonly message: string } | null;
  readonly history: readonly HistoryEntry[];
}

export type Turn = Pick<HistoryEntry, 'generation' | 'event' | 'commit' | 'detail'>;

/** The turns that are true now and not in the history yet. */
export function dueTurns({ plan, commitInForce, refused, history }: ChronicleInput): readonly Turn[] {
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
  return turns.filter((turn) => !history.some((entry) => says(entry, turn)));
}

function says(entry: HistoryEntry, turn: Turn): boolean {
  const { generation, event, commit, detail } = turn;
  // A refused commit is refused once, whatever generation is in force meanwhile.
  const same = event === 'refused' || entry.generation === generation;
  return same && entry.event === event && entry.commit === commit && entry.detail === detail;
}
