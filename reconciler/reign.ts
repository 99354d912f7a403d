// Leading: an agent stands for election again and again, and while it leads it carries out plans and writes history.
import type { Logger } from 'pino';
import { Bell } from '../schema/bell.ts';
import { Backoff } from '../schema/state/backoff.ts';
import { campaign } from '../schema/state/election.ts';
import { keys } from '../schema/state/keys.ts';
import { type Condition, type Kv, unchanged } from '../schema/state/kv.ts';
import { readRecord, records } from '../schema/state/records.ts';
import { Session } from '../schema/state/session.ts';
import type { ExecutionContext } from './execute/context.ts';
import { Executor } from './execute/executor.ts';
import { History } from './execute/history.ts';
import { type ChronicleInput, dueTurns } from './plan/chronicle.ts';
import type { Plan } from './plan/plan.ts';

export interface ReignOptions {
  readonly kv: Kv;
  /** Name of the boot server. */
  readonly name: string;
  /** How long after the leader's death another one may lead. */
  readonly leaseSeconds: number;
  /** What actions need beside what leading gives them. */
  readonly context: Omit<ExecutionContext, 'kv' | 'fence' | 'stillLeads' | 'history'>;
  /** Called when an action has ended, and when leading begins or ends. */
  readonly onChange: () => void;
  readonly log: Logger;
}

/** What the history is to tell of beside the plan. */
type ChronicleFacts = Omit<ChronicleInput, 'plan' | 'history'>;

/** What there is while this agent leads. */
interface Term {
  readonly executor: Executor;
  readonly history: History;
  readonly fence: Condition;
}

export class Reign {
  readonly #options: ReignOptions;
  #term: Term | null = null;
  #writing = false;

  constructor(options: ReignOptions) {
    this.#options = options;
  }

  get leads(): boolean {
    return this.#term !== null;
  }

  /** Start what the plan has open, and write what the history lacks. Nothing happens unless this agent leads. */
  carryOut(plan: Plan, facts: ChronicleFacts): void {
    if (!this.#term) return;
    this.#term.executor.start(plan.actions);
    void this.#chronicle(this.#term, plan, facts);
  }

  /** Stand for election and lead, over and over, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { kv, name, leaseSeconds, onChange, log } = this.#options;
    const backoff = new Backoff(200, 5_000);
    while (!signal.aborted) {
      let session: Session | null = null;
      try {
        session = await Session.open(kv, { ttlSeconds: leaseSeconds });
        await this.#lead(session, signal);
        backoff.reset();
      } catch (error) {
        if (!signal.aborted) log.warn({ event: 'trouble', err: error }, 'cannot lead');
      }
      this.#term = null;
      await session?.close();
      if (signal.aborted) return;
      log.warn({ event: 'deposed', name }, 'does not lead');
      onChange();
      await new Bell().wait(signal, backoff.next());
    }
  }

  /** Get elected, and lead until the session or the signal ends. */
  async #lead(session: Session, signal: AbortSignal): Promise<void> {
    const { kv, name, context, onChange, log } = this.#options;
    const { fence } = await campaign(kv, session, name, signal);
    const history = await History.open(kv, name);
    const reigns = AbortSignal.any([signal, session.signal]);
    const stillLeads = () => session.valid && !signal.aborted;
    const executor = new Executor({ ...context, kv, fence, stillLeads, history }, onChange, reigns);
    this.#term = { executor, history, fence };
    log.info({ event: 'elected', name }, 'leads');
    onChange();
    await new Bell().wait(reigns);
    this.#term = null;
    await executor.idle();
  }

  async #chronicle(term: Term, plan: Plan, facts: ChronicleFacts): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    const { kv, context, log } = this.#options;
    const { history, fence } = term;
    const target = context.targetEntry();
    // An entry belongs to the generation that is in force when it is written.
    const inForce = unchanged(keys.target, target);
    try {
      if ((target && readRecord(records.target, target).generation) !== plan.baseGeneration) return;
      for (const turn of dueTurns({ plan, ...facts, history: history.entries })) {
        const done = await history.write(turn, new Date(), ({ put, when }) =>
          kv.commit({ when: [fence, inForce, when], put: [put] }),
        );
        if (done) log.info({ ...turn }, 'recorded');
      }
    } catch (error) {
      log.warn({ event: 'trouble', err: error }, 'history could not be written');
    } finally {
      this.#writing = false;
    }
  }
}
