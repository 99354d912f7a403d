// A preview of a plan as JSON, for programs. docs/plans.md describes it: what is there stays, more may come.
import type { Action, Reason } from '../action.ts';
import { redactValue } from '../secrets/redact.ts';
import { planHeadline } from './plan.ts';
import type { Preview } from './preview.ts';

/** Counts up when a member changes its meaning or goes. */
const format = 1;

/** Plain data, without secrets; the members of the plan are its own. */
export function previewJson({ plan, radius, groups, objects }: Preview) {
  const { disruption, estimate, isTimed, ...reach } = radius;
  return {
    format,
    headline: planHeadline(plan),
    disruption,
    blastRadius: reach,
    estimate: { ...estimate, isTimed },
    ...plan,
    actions: plan.actions.map(withoutSecrets),
    live: plan.live.map((machine) => ({ ...machine, reasons: machine.reasons.map(safeReason) })),
    groups: groups.map((group) => ({ ...group, reasons: group.reasons.map(safeReason) })),
    kubernetes: objects.map(({ name, change, lines }) => ({ name, change, lines })),
  };
}

function withoutSecrets(action: Action): Action {
  switch (action.kind) {
    case 'publish':
      return { ...action, changes: action.changes.map(safeReason) };
    case 'provision':
    case 'restart':
      return { ...action, reasons: action.reasons.map(safeReason) };
    case 'finish':
      return action;
  }
}

/** Its values without secrets. */
export function safeReason(reason: Reason): Reason {
  const safe = (value: string | null) => (value === null ? null : redactValue(reason.field, value));
  return { ...reason, from: safe(reason.from), to: safe(reason.to) };
}
