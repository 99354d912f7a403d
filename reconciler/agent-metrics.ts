// What the agent counts.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface AgentMetrics {
  readonly registry: Registry;
  readonly plans: Counter;
  readonly pullFailures: Counter;
  readonly refusals: Counter<'code'>;
  readonly actionsDone: Counter<'kind' | 'outcome'>;
  readonly actionsWanted: Gauge;
  readonly generation: Gauge;
  readonly leader: Gauge;
  readonly halted: Gauge;
  readonly behindSeconds: Gauge;
  readonly acceptedAgeSeconds: Gauge;
}

export function createAgentMetrics(): AgentMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    plans: new Counter({ name: 'berth_plans_total', help: 'Plans made.', registers }),
    pullFailures: new Counter({
      name: 'berth_pull_failures_total',
      help: 'How often the site repo could not be pulled.',
      registers,
    }),
    refusals: new Counter({
      name: 'berth_heads_refused_total',
      help: 'Heads of the site repo that were refused, by reason code.',
      labelNames: ['code'],
      registers,
    }),
    actionsDone: new Counter({
      name: 'berth_actions_total',
      help: 'Actions by kind and outcome: done, failed, or stale when the facts had overtaken the plan.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    actionsWanted: new Gauge({ name: 'berth_plan_actions', help: 'Actions of the newest plan.', registers }),
    generation: new Gauge({ name: 'berth_generation', help: 'The generation in force.', registers }),
    leader: new Gauge({ name: 'berth_leader', help: '1 while this agent leads.', registers }),
    halted: new Gauge({ name: 'berth_halted', help: '1 while the roll-out stands still.', registers }),
    behindSeconds: new Gauge({
      name: 'berth_behind_seconds',
      help: 'How long this server has disagreed with another one on the newest commit; 0 while it does not.',
      registers,
    }),
    acceptedAgeSeconds: new Gauge({
      name: 'berth_accepted_commit_age_seconds',
      help: 'How long ago the newest commit that was accepted was made.',
      registers,
    }),
  };
}
