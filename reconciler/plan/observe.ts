// Keeps a copy of the facts in etcd up to date, and hands it to the planner as plain data.
import { Bell } from '../../schema/bell.ts';
import { folders, keys } from '../../schema/state/keys.ts';
import { applyBatch, type Entry, type Kv } from '../../schema/state/kv.ts';
import { type RecordKind, readRecord, records } from '../../schema/state/records.ts';
import type { ObservedAgent } from '../../schema/types/observed-agent.ts';
import type { Target } from '../../schema/types/target.ts';
import type { Observed } from './observed.ts';

export class Observer {
  readonly #kv: Kv;
  readonly #changed: Bell;
  readonly #onTrouble: (error: unknown) => void;
  readonly #readyBell = new Bell();
  readonly #copies = new Map<string, Map<string, Entry>>();

  /** @param changed is rung with every change */
  constructor(kv: Kv, changed: Bell, onTrouble: (error: unknown) => void) {
    this.#kv = kv;
    this.#changed = changed;
    this.#onTrouble = onTrouble;
  }

  /** Follow until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const ranges = [keys.target, folders.observed, folders.operations];
    await Promise.all(ranges.map((range) => this.#follow(range, signal)));
  }

  /** Whether a first copy of everything is there. */
  get ready(): boolean {
    return this.#copies.size === 3;
  }

  /** Resolves when {@link ready}, or when the signal aborts. */
  async whenReady(signal: AbortSignal): Promise<void> {
    while (!this.ready && !signal.aborted) await this.#readyBell.wait(signal);
  }

  get target(): { readonly target: Target; readonly entry: Entry } | null {
    const entry = this.#copies.get(keys.target)?.get(keys.target);
    return entry ? { target: readRecord(records.target, entry), entry } : null;
  }

  /** The entry of a machine's operation, for compare-and-swap. */
  operationEntry(serial: string): Entry | null {
    return this.#copies.get(folders.operations)?.get(keys.operation(serial)) ?? null;
  }

  observed(): Observed {
    return {
      machines: this.#collect(folders.observed, folders.observedMachines, records.observedMachine, (m) => m.serial),
      operations: this.#collect(folders.operations, folders.operations, records.operation, (o) => o.serial),
      servers: this.#collect(folders.observed, folders.observedServers, records.observedServer, (s) => s.name),
    };
  }

  /** What the agents say of themselves; only those that are alive. */
  agents(): readonly ObservedAgent[] {
    const { observed, observedAgents } = folders;
    return [...this.#collect(observed, observedAgents, records.observedAgent, (agent) => agent.name).values()];
  }

  async #follow(range: string, signal: AbortSignal): Promise<void> {
    const copy = new Map<string, Entry>();
    for await (const batch of this.#kv.watch(range, signal)) {
      applyBatch(copy, batch);
      this.#copies.set(range, copy);
      this.#changed.ring();
      this.#readyBell.ring();
    }
  }

  /** A record that cannot be read is as if it were not there: no news is never good news. */
  #collect<T>(range: string, prefix: string, kind: RecordKind<T>, nameOf: (value: T) => string): Map<string, T> {
    const values = new Map<string, T>();
    for (const entry of this.#copies.get(range)?.values() ?? []) {
      if (!entry.key.startsWith(prefix)) continue;
      try {
        const value = readRecord(kind, entry);
        values.set(nameOf(value), value);
      } catch (error) {
        this.#onTrouble(error);
      }
    }
    return values;
  }
}
