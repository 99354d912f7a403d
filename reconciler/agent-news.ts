// What an agent says of itself, for the other agents and for people to see. Pure.
import type { ObservedAgent } from '../schema/types/observed-agent.ts';
import type { Belief } from './intake/belief.ts';
import type { Intake } from './intake/intake.ts';
import type { Plan } from './plan/plan.ts';
import { planHeadline } from './plan/show/plan.ts';
import type { Disagreement } from './plan/withheld.ts';
import type { SourceReport } from './source/pull/source-report.ts';

export interface AgentFacts {
  /** Name of the boot server that it runs on. */
  readonly name: string;
  readonly version: string;
  readonly leads: boolean;
  readonly intake: Pick<Intake, 'pulled' | 'memory'> & {
    readonly belief: Pick<Belief, 'head' | 'refused' | 'held'>;
  };
  readonly disagreement: Disagreement | null;
  /** The newest plan; null where none could be made. */
  readonly made: Plan | null;
  readonly sources: readonly SourceReport[];
}

export function agentNews(facts: AgentFacts): Omit<ObservedAgent, 'at'> {
  const { name, version, leads, disagreement, made, sources } = facts;
  const { pulled, memory, belief } = facts.intake;
  const { head, refused, held } = belief;
  const { accepted, anchors = [], revoked = [] } = memory ?? {};
  const byHand = anchors.at(-1);
  return {
    name,
    leader: leads,
    ...(pulled === null ? {} : { head: pulled }),
    ...(accepted ? { accepted: accepted.commit, acceptedSince: accepted.at } : {}),
    ...(head && head.commit === accepted?.commit ? { root: head.compiled.blueprint.root } : {}),
    ...(held === null ? {} : { held }),
    ...(refused === null ? {} : { refused }),
    ...(disagreement ? { behind: disagreement } : {}),
    ...(byHand ? { byHand: { ...byHand, supersedes: [...byHand.supersedes] } } : {}),
    ...(revoked.length === 0 ? {} : { revokedByHand: [...revoked] }),
    ...(made === null ? {} : { plan: summary(made) }),
    sources: sources.map(sourceNews),
    version,
  };
}

function sourceNews({
  location,
  state,
  error,
  approvalsError,
}: SourceReport): NonNullable<ObservedAgent['sources']>[number] {
  const fault = error ?? approvalsError;
  return { location, state, ...(fault ? { error: `${fault.code}: ${fault.message}` } : {}) };
}

function summary(made: Plan): NonNullable<ObservedAgent['plan']> {
  return {
    actions: made.actions.length,
    waiting: made.actions.filter(({ gate }) => !gate.open).length,
    headline: planHeadline(made),
  };
}
