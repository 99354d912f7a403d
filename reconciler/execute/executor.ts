// Carries out actions whose gate is open. Makes no choice: what to do and when is in the plan.
import { isStateError } from '../../schema/state/state-error.ts';
import { type Action, actionKey } from '../plan/action.ts';
import { type ExecutionContext, PreconditionError } from './context.ts';
import { finish } from './finish.ts';
import { provision } from './provision.ts';
import { publish } from './publish.ts';
import { restart } from './restart.ts';

/** Actions of a kind that may run at the same time. */
const atOnce: { readonly [kind in Action['kind']]: number } = { publish: 1, finish: 8, provision: 16, restart: 16 };

export interface ExecutorPace {
  /** How long an action that failed is left alone before it is tried again. */
  readonly pauseMs: number;
  /** How long an action may take. */
  readonly deadlineMs: number;
}

const usualPace: ExecutorPace = { pauseMs: 2_000, deadlineMs: 30_000 };

export class Executor {
  readonly #context: ExecutionContext;
  readonly #running = new Map<string, { readonly kind: Action['kind']; readonly done: Promise<void> }>();
  readonly #notBefore = new Map<string, number>();
  readonly #onSettled: () => void;
  readonly #signal: AbortSignal;
  readonly #pace: ExecutorPace;

  /** @param onSettled called whenever an action has ended @param signal ends all actions: leadership is over */
  constructor(context: ExecutionContext, onSettled: () => void, signal: AbortSignal, pace = usualPace) {
    this.#context = context;
    this.#onSettled = onSettled;
    this.#signal = signal;
    this.#pace = pace;
  }

  /** Start every action that is open, not running, and within its kind's limit. Does not wait for any of them. */
  start(actions: readonly Action[]): void {
    for (const action of actions) {
      const key = actionKey(action);
      if (this.#signal.aborted || !action.gate.open || this.#running.has(key)) continue;
      if ((this.#notBefore.get(key) ?? 0) > performance.now()) continue;
      if (this.#count(action.kind) >= atOnce[action.kind]) continue;
      const done = this.#run(action).then(() => {
        this.#running.delete(key);
        this.#onSettled();
      });
      this.#running.set(key, { kind: action.kind, done });
    }
  }

  /** Resolves when no action runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #count(kind: Action['kind']): number {
    let count = 0;
    for (const running of this.#running.values()) if (running.kind === kind) count++;
    return count;
  }

  async #run(action: Action): Promise<void> {
    const { log, count } = this.#context;
    const key = actionKey(action);
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#pace.deadlineMs)]);
    try {
      await unlessAborted(carryOut(action, this.#context, signal), signal);
      log.info({ event: 'action', ...subjectOf(action) }, 'done');
      count(action.kind, 'done');
      this.#notBefore.delete(key);
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#notBefore.set(key, performance.now() + this.#pace.pauseMs);
      const stale = error instanceof PreconditionError || isStateError(error, 'STATE_FENCED');
      count(action.kind, stale ? 'stale' : 'failed');
      log[stale ? 'debug' : 'warn']({ event: 'action-failed', ...subjectOf(action), err: error }, 'not done');
    }
  }
}

/** What a log line says of an action. */
function subjectOf(action: Action): Record<string, unknown> {
  const { kind, generation } = action;
  return kind === 'publish' ? { kind, generation } : { kind, generation, serial: action.serial, name: action.name };
}

function carryOut(action: Action, context: ExecutionContext, signal: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'publish':
      return publish(action, context);
    case 'finish':
      return finish(action, context);
    case 'provision':
      return provision(action, context, signal);
    case 'restart':
      return restart(action, context, signal);
  }
}

/** Whatever hangs on in an action that was called off, it keeps nothing else waiting. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  await Promise.race([work, aborted]);
}
