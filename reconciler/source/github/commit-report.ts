// What the agent says about a commit of the site repo. Pure.
import type { Plan } from '../../plan/plan.ts';
import { planHeadline } from '../../plan/show/plan.ts';
import type { RefusedHead } from '../accept.ts';
import type { Oid } from '../commit.ts';

export type CommitState =
  /** Accepted, and not yet everywhere. */
  | 'pending'
  /** Every machine runs what it says. */
  | 'success'
  /** The roll-out has halted. */
  | 'failure'
  /** It changes nothing: not authentic, not valid, or it would destroy. */
  | 'refused'
  /** A newer commit was accepted before this one was everywhere. */
  | 'superseded';

export interface CommitReport {
  readonly commit: Oid;
  readonly state: CommitState;
  /** One line for people. */
  readonly headline: string;
}

/** A plan as it stands now → what is said about its commit. */
export function reportOfPlan(plan: Plan): CommitReport {
  return { commit: plan.commit, state: stateOf(plan), headline: planHeadline(plan) };
}

function stateOf({ refusals, halted, actions, underWay }: Plan): CommitState {
  if (refusals.length > 0) return 'refused';
  if (halted !== null) return 'failure';
  return actions.length === 0 && underWay.length === 0 ? 'success' : 'pending';
}

/** @param head the commit that was pulled; the one at fault may be an ancestor of it */
export function reportOfRefusal(head: Oid, refused: RefusedHead): CommitReport {
  const where = refused.commit === head ? '' : ` (commit ${refused.commit.slice(0, 12)})`;
  return { commit: head, state: 'refused', headline: `${refused.code}${where}: ${refused.message}` };
}
