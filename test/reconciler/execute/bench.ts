// A leader over a state store in memory, machines whose power only writes down what it is asked, and actions for them.
import { pino } from 'pino';
import type { ExecutionContext } from '../../../reconciler/execute/context.ts';
import { History } from '../../../reconciler/execute/history.ts';
import type {
  Action,
  FinishAction,
  PowerAction,
  ProvisionAction,
  PublishAction,
  RestartAction,
} from '../../../reconciler/plan/action.ts';
import type { Power, PowerChange, PowerTarget } from '../../../reconciler/power/power.ts';
import type { Digest } from '../../../schema/canonical.ts';
import { keys } from '../../../schema/state/keys.ts';
import { createdAt, type Entry } from '../../../schema/state/kv.ts';
import { MemoryKv } from '../../../schema/state/memory.ts';
import { putRecord, readRecord, records } from '../../../schema/state/records.ts';
import type { ObservedMachine } from '../../../schema/types/observed-machine.ts';
import type { Operation } from '../../../schema/types/operation.ts';
import type { Target } from '../../../schema/types/target.ts';
import { FlakyKv } from '../../flaky-kv.ts';

export const bootDigest = 'b'.repeat(64);
const commit = 'c'.repeat(40);

type Reset = 'on' | 'off' | 'restart';

/** What a test lets happen when power is asked for; by default it is done. */
type Behaviour = (reset: Reset, serial: string, signal: AbortSignal | undefined) => Promise<void>;

export class FakePower implements Power {
  /** What was asked and done, in order: `restart SN-1`. */
  readonly done: string[] = [];
  /** All that was asked. */
  readonly asked: string[] = [];
  /** Before the machine is touched: the BMC is being talked to. */
  before: Behaviour = async () => {};
  /** After it was touched: the answer is on its way. */
  after: Behaviour = async () => {};

  async state(): Promise<'on'> {
    return 'on';
  }

  on(target: PowerTarget, signal?: AbortSignal, beforeTouch?: () => void): Promise<PowerChange> {
    return this.#ask('on', target, signal, beforeTouch);
  }

  off(target: PowerTarget, signal?: AbortSignal, beforeTouch?: () => void): Promise<PowerChange> {
    return this.#ask('off', target, signal, beforeTouch);
  }

  restart(target: PowerTarget, signal?: AbortSignal, beforeTouch?: () => void): Promise<PowerChange> {
    return this.#ask('restart', target, signal, beforeTouch);
  }

  async #ask(
    reset: Reset,
    { serial }: PowerTarget,
    signal?: AbortSignal,
    beforeTouch?: () => void,
  ): Promise<PowerChange> {
    this.asked.push(`${reset} ${serial}`);
    await this.before(reset, serial, signal);
    beforeTouch?.();
    this.done.push(`${reset} ${serial}`);
    await this.after(reset, serial, signal);
    return 'done';
  }
}

export interface ExecuteBench {
  readonly kv: MemoryKv;
  /** What the leader sees of it. */
  readonly flaky: FlakyKv;
  readonly power: FakePower;
  readonly context: ExecutionContext;
  /** `restart done` and the like, in order. */
  readonly counted: string[];
  /** Objects of the blueprint that is to be published. */
  objects: ReadonlyMap<Digest, string>;
  leads: boolean;
  /** What the leader has last seen of the target and the operations; brought up to date by {@link see}. */
  readonly seen: Map<string, Entry>;
  see(): Promise<void>;
  /** Let another agent lead. */
  depose(): Promise<void>;
  operation(serial: string): Promise<Operation | null>;
  target(): Promise<Target | null>;
  report(report: Partial<ObservedMachine> & { readonly serial: string }): Promise<void>;
}

export async function startBench(): Promise<ExecuteBench> {
  const kv = new MemoryKv();
  const flaky = new FlakyKv(kv);
  const leader = putRecord(records.leader, { name: 'boot-0', since: '2026-01-01T00:00:00.000Z' });
  await kv.commit({ when: [], put: [leader] });
  const led = await kv.get(keys.leader);
  const power = new FakePower();
  const counted: string[] = [];
  const seen = new Map<string, Entry>();
  const context: ExecutionContext = {
    kv: flaky,
    fence: createdAt(keys.leader, led?.createRevision ?? 0n),
    stillLeads: () => bench.leads,
    power,
    history: await History.open(flaky, 'boot-0'),
    signerOf: (signed) => (signed === commit ? 'ada' : null),
    objects: () => bench.objects,
    targetEntry: () => seen.get(keys.target) ?? null,
    operationEntry: (serial) => seen.get(keys.operation(serial)) ?? null,
    now: () => new Date(Date.UTC(2026, 0, 1)),
    count: (kind, outcome) => counted.push(`${kind} ${outcome}`),
    log: pino({ level: 'silent' }),
  };
  const bench: ExecuteBench = {
    kv,
    flaky,
    power,
    context,
    counted,
    objects: new Map(),
    leads: true,
    seen,
    see: async () => {
      seen.clear();
      for (const entry of (await kv.list('')).entries) seen.set(entry.key, entry);
    },
    depose: async () => {
      await kv.commit({ when: [], delete: [keys.leader] });
      await kv.commit({ when: [], put: [{ ...leader, value: leader.value.replace('boot-0', 'boot-1') }] });
      bench.leads = false;
    },
    operation: async (serial) => {
      const entry = await kv.get(keys.operation(serial));
      return entry && readRecord(records.operation, entry);
    },
    target: async () => {
      const entry = await kv.get(keys.target);
      return entry && readRecord(records.target, entry);
    },
    report: async (report) => {
      const all: ObservedMachine = {
        phase: 'running',
        bootDigest,
        bootId: 'boot-1',
        generation: 1,
        address: '10.69.0.4',
        server: 'boot-0',
        at: '2026-01-01T00:00:00.000Z',
        ...report,
      };
      await kv.commit({ when: [], put: [putRecord(records.observedMachine, all)] });
    },
  };
  return bench;
}

const common = (serial: string) => ({
  generation: 2,
  gate: { open: true } as const,
  doneWhen: `${serial} is back`,
  serial,
  name: `r0-${serial}`,
});

const powered = (serial: string) => ({
  ...common(serial),
  domains: { rack: 'r0', tors: [], powerFeed: 'A', role: 'cs' },
  reasons: [],
  bmcAddress: '10.72.17.4',
  bootDigest,
});

export function provisionAction(serial: string): ProvisionAction {
  return { ...powered(serial), kind: 'provision', disruption: 'none', bootIdBefore: null };
}

/** Of a machine that runs from `boot-1`. */
export function restartAction(serial: string): RestartAction {
  return { ...powered(serial), kind: 'restart', disruption: 'reboot', bootIdBefore: 'boot-1' };
}

export function finishAction(serial: string, operation: Operation): FinishAction {
  return { ...common(serial), kind: 'finish', disruption: 'none', because: 'back', operation };
}

export function publishAction(root: Digest, parent: Digest | null, generation: number): PublishAction {
  return {
    kind: 'publish',
    generation,
    disruption: 'none',
    gate: { open: true },
    doneWhen: `target names generation ${generation}`,
    root,
    parent,
    commit,
    changes: [],
  };
}

/** The action as a plan has it whose gate is closed. */
export function closed<A extends Action>(action: A): A {
  return { ...action, gate: { open: false, code: 'budget', waitsFor: 'others' } };
}

export function operationOf(action: PowerAction, attempts = 0): Operation {
  const { serial, kind, generation, bootDigest: digest, bootIdBefore } = action;
  return { serial, kind, generation, bootDigest: digest, bootIdBefore, since: '2026-01-01T00:00:00.000Z', attempts };
}

/** `done`, or the code of what it fails with. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: { readonly code?: unknown }) => String(error.code ?? error),
  );
}
