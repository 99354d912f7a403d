// The kinds of record in the state store. Every value is checked against its JSON Schema on the way in and out.
import type { HistoryEntry } from '../types/history-entry.ts';
import type { Leader } from '../types/leader.ts';
import type { ObservedAgent } from '../types/observed-agent.ts';
import type { ObservedMachine } from '../types/observed-machine.ts';
import type { ObservedServer } from '../types/observed-server.ts';
import type { Operation } from '../types/operation.ts';
import type { Target } from '../types/target.ts';
import historyEntrySchema from './history-entry.schema.json' with { type: 'json' };
import { keys } from './keys.ts';
import type { Entry, LeaseId, Put } from './kv.ts';
import leaderSchema from './leader.schema.json' with { type: 'json' };
import observedAgentSchema from './observed-agent.schema.json' with { type: 'json' };
import observedMachineSchema from './observed-machine.schema.json' with { type: 'json' };
import observedServerSchema from './observed-server.schema.json' with { type: 'json' };
import operationSchema from './operation.schema.json' with { type: 'json' };
import { jsonText, parseJson, type Shape, shapeOf } from './shape.ts';
import { StateError } from './state-error.ts';
import targetSchema from './target.schema.json' with { type: 'json' };

/** A kind of record: what it looks like, and the key that a value of it belongs under. */
export interface RecordKind<T> {
  readonly shape: Shape<T>;
  readonly keyOf: (value: T) => string;
}

function kind<T>(schema: { readonly title: string }, keyOf: (value: T) => string): RecordKind<T> {
  return { shape: shapeOf<T>(schema), keyOf };
}

export const records = {
  target: kind<Target>(targetSchema, () => keys.target),
  history: kind<HistoryEntry>(historyEntrySchema, (entry) => keys.history(entry.generation, entry.sequence)),
  observedMachine: kind<ObservedMachine>(observedMachineSchema, (machine) => keys.observedMachine(machine.serial)),
  observedServer: kind<ObservedServer>(observedServerSchema, (server) => keys.observedServer(server.name)),
  observedAgent: kind<ObservedAgent>(observedAgentSchema, (agent) => keys.observedAgent(agent.name)),
  operation: kind<Operation>(operationSchema, (operation) => keys.operation(operation.serial)),
  leader: kind<Leader>(leaderSchema, () => keys.leader),
} as const;

/**
 * A record as the text that is stored: canonical JSON.
 * @throws {StateError} STATE_INVALID
 */
export function encode<T>(kind: RecordKind<T>, value: T): string {
  const where = 'the value to be stored';
  return jsonText(kind.shape(value, where), where);
}

/** @throws {StateError} STATE_INVALID */
export function decode<T>(kind: RecordKind<T>, text: string): T {
  return decodeAt(kind, text, 'the stored value');
}

/** A record as a put of its own key. @throws {StateError} STATE_INVALID */
export function putRecord<T>(kind: RecordKind<T>, value: T, lease?: LeaseId): Put {
  const put = { value: encode(kind, value), key: kind.keyOf(value) };
  return lease === undefined ? put : { ...put, lease };
}

/**
 * The record that an entry holds.
 * @throws {StateError} STATE_INVALID, naming the key; also when the record belongs under another key
 */
export function readRecord<T>(kind: RecordKind<T>, entry: Entry): T {
  const value = decodeAt(kind, entry.value, entry.key);
  const key = kind.keyOf(value);
  if (key !== entry.key) throw new StateError('STATE_INVALID', `${entry.key} holds what belongs under ${key}`);
  return value;
}

function decodeAt<T>(kind: RecordKind<T>, text: string, where: string): T {
  return kind.shape(parseJson(text, where), where);
}
