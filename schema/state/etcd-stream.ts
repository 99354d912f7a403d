// A stream to etcd as something to iterate over.
import { type EventEmitter, on } from 'node:events';
import type { IDuplexStream } from 'etcd3';

/**
 * The replies of a stream until it ends, fails or the signal aborts, of which the last two throw. They are taken in as
 * they come, however slow the consumer is: left unread they would fill the window of the connection, and the calls that
 * share it would hang. Leaving the iteration hangs up.
 */
export async function* repliesOf<T>(stream: IDuplexStream<never, T>, signal?: AbortSignal): AsyncGenerator<T, void> {
  // The type that etcd3 gives its streams lacks most of what they are: duplex streams of Node.
  const emitter = stream as unknown as EventEmitter;
  try {
    for await (const [reply] of on(emitter, 'data', { close: ['end'], ...(signal && { signal }) })) yield reply as T;
  } finally {
    hangUp(stream);
  }
}

/** End a stream from this side. Ended first, its cancelling is no failure for which etcd3 would drop the connection. */
export function hangUp(stream: IDuplexStream<never, unknown>): void {
  stream.end();
  stream.cancel();
}
