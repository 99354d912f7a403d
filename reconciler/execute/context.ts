// What every action is given, and how it says that the plan is out of date.
import type { Logger } from 'pino';
import type { Digest } from '../../schema/canonical.ts';
import type { Condition, Entry, Kv } from '../../schema/state/kv.ts';
import type { Action } from '../plan/action.ts';
import type { Power } from '../power/power.ts';
import type { History } from './history.ts';

/** How an action ended; a stale one was overtaken by the facts. */
export type ActionOutcome = 'done' | 'stale' | 'failed';

/** What the actions work with, for as long as one leadership lasts. */
export interface ExecutionContext {
  readonly kv: Kv;
  /** In every transaction: holds while this agent leads. */
  readonly fence: Condition;
  /** Asked right before a side effect that no fence can stop. */
  readonly stillLeads: () => boolean;
  readonly power: Power;
  readonly history: History;
  /** Who signed a commit, where that is known. */
  readonly signerOf: (commit: string) => string | null;
  /** Objects of the blueprint that is to be published. */
  readonly objects: () => ReadonlyMap<Digest, string>;
  /** As last seen, for compare-and-swap. */
  readonly targetEntry: () => Entry | null;
  readonly operationEntry: (serial: string) => Entry | null;
  readonly now: () => Date;
  /** Told how each action ended. */
  readonly count: (kind: Action['kind'], outcome: ActionOutcome) => void;
  readonly log: Logger;
}

/** The facts that the plan was made from no longer hold; the next plan knows better. */
export class PreconditionError extends Error {
  readonly code = 'PRECONDITION';
}
