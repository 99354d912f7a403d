// A watch on etcd that loses nothing: it goes on after the last event that it has delivered, whatever happens to the
// connection, and lists the range again when etcd has compacted what lies in between.
import type { Etcd3, IEvent, IWatchResponse } from 'etcd3';
import { Backoff } from './backoff.ts';
import { pause, systemClock } from './clock.ts';
import type { EtcdCodec } from './etcd-codec.ts';
import { hangUp, repliesOf } from './etcd-stream.ts';
import type { Listing, WatchBatch } from './kv.ts';
import type { Members } from './members.ts';
import { StateError } from './state-error.ts';

export interface WatchSource {
  readonly members: Members;
  readonly codec: EtcdCodec;
  /** The whole range at one revision. */
  readonly list: (signal: AbortSignal) => Promise<Listing>;
  readonly onTrouble: (error: Error) => void;
}

/** The store cannot tell what happened since the last event: the range has to be listed anew. */
class HistoryLost extends Error {}

/** Follow a range until the signal aborts, which ends the iteration without an error. */
export async function* watchRange(
  source: WatchSource,
  range: string,
  signal: AbortSignal,
): AsyncGenerator<WatchBatch, void> {
  const backoff = new Backoff(50, 5000);
  let seen: bigint | null = null;
  while (!signal.aborted) {
    try {
      if (seen === null) {
        const listing: Listing = await source.list(signal);
        seen = listing.revision;
        yield { kind: 'snapshot', ...listing };
      }
      for await (const batch of follow(source, range, seen, signal, () => backoff.reset())) {
        if (signal.aborted) return;
        seen = batch.revision;
        yield batch;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof HistoryLost) seen = null;
      source.onTrouble(error instanceof Error ? error : new Error(String(error)));
    }
    await pause(systemClock, backoff.next(), signal);
  }
}

/** One watch stream to one member, for as long as it lasts. */
async function* follow(
  { members, codec }: WatchSource,
  range: string,
  seen: bigint,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<WatchBatch, void> {
  const client = members.preferred;
  const stream = await client.watchClient.watch({ interceptors: [requireLeader] });
  const cancel = () => hangUp(stream);
  const unanswered = setTimeout(cancel, members.deadlineMs);
  signal.addEventListener('abort', cancel);
  try {
    const start_revision = String(seen + 1n);
    stream.write({ create_request: { ...codec.range(range), start_revision, fragment: true } });
    let events: IEvent[] = [];
    for await (const reply of repliesOf(stream, signal)) {
      if (reply.canceled) throw cancelled(reply);
      if (reply.created) {
        if (BigInt(reply.header.revision) < seen) {
          members.avoid(client); // It is behind the others, or the store was put back to an older state.
          throw new HistoryLost(`etcd is behind revision ${seen}`);
        }
        clearTimeout(unanswered);
        onOpen();
      }
      events = events.concat(reply.events);
      if (reply.fragment) continue; // Part of a batch; a transaction must not be torn.
      yield* codec.changes(events);
      events = [];
    }
    throw new StateError('STATE_UNAVAILABLE', 'the watch stream ended');
  } catch (error) {
    if (!(error instanceof HistoryLost || signal.aborted)) members.avoid(client);
    throw error;
  } finally {
    clearTimeout(unanswered);
    signal.removeEventListener('abort', cancel);
  }
}

function cancelled(reply: IWatchResponse): Error {
  if (reply.compact_revision !== '0') return new HistoryLost(`etcd was compacted up to ${reply.compact_revision}`);
  return new StateError('STATE_REFUSED', `etcd cancelled the watch: ${reply.cancel_reason}`);
}

type WatchOptions = NonNullable<Parameters<Etcd3['watchClient']['watch']>[0]>;
type Interceptor = NonNullable<WatchOptions['interceptors']>[number];

/** Asks the member to end the stream when it loses its leader: cut off from the others it would be silent for ever. */
const requireLeader: Interceptor = (options, nextCall) => {
  const call = nextCall(options);
  const start = call.start.bind(call);
  call.start = (metadata, listener) => {
    metadata.set('hasleader', 'true');
    start(metadata, listener);
  };
  return call as ReturnType<Interceptor>;
};
