// The members of an etcd cluster: which of them is asked, what a failure means, and when a call is made again.
import { setMaxListeners } from 'node:events';
import { noop } from 'cockatiel';
import {
  ClientClosedError,
  Etcd3,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  GRPCAlreadyExistsError,
  GRPCFailedPreconditionError,
  GRPCInvalidArgumentError,
  GRPCNotFoundError,
  GRPCNotImplementedError,
  GRPCOutOfRangeError,
  GRPCResourceExhastedError,
  GRPCUnauthenticatedError,
} from 'etcd3';
import { Backoff } from './backoff.ts';
import { pause, systemClock } from './clock.ts';
import { StateError } from './state-error.ts';

type Call<T> = (client: Etcd3) => Promise<T>;

/** What became of a request whose call failed. */
type Fate = 'never-sent' | 'refused' | 'unknown';

export class Members {
  /** How long a call to one member may take, and for how long failed calls are made again, in milliseconds. */
  readonly deadlineMs: number;
  readonly #clients: readonly Etcd3[];
  readonly #closing = new AbortController();
  #preferred = 0;

  /** @param endpoints URLs, the preferred one first */
  constructor(endpoints: readonly string[], deadlineMs: number) {
    if (endpoints.length === 0) throw new StateError('STATE_REFUSED', 'no etcd endpoint is given');
    this.deadlineMs = deadlineMs;
    setMaxListeners(0, this.closed);
    this.#clients = endpoints.map((endpoint) => clientOf(endpoint, deadlineMs));
  }

  /** Aborts when the members are closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** The member that is asked first: the one that answered last. */
  get preferred(): Etcd3 {
    const client = this.#clients[this.#preferred];
    if (client === undefined) throw new RangeError('the preferred member is none of the members');
    return client;
  }

  /** Prefer the next member, if this one is preferred. */
  avoid(client: Etcd3): void {
    if (client === this.preferred) this.#preferred = (this.#preferred + 1) % this.#clients.length;
  }

  /** Make a call that may be repeated without harm. */
  read<T>(call: Call<T>, signal?: AbortSignal): Promise<T> {
    return this.#repeat(call, true, signal);
  }

  /** Make a call that is repeated only if it surely never left. */
  write<T>(call: Call<T>): Promise<T> {
    return this.#repeat(call, false, undefined);
  }

  /** End all connections. Calls under way end with their deadline. */
  close(): void {
    this.#closing.abort(new StateError('STATE_CLOSED', 'the state store is closed'));
    for (const client of this.#clients) client.close();
  }

  async #repeat<T>(call: Call<T>, harmless: boolean, signal: AbortSignal | undefined): Promise<T> {
    const givenUpMs = performance.now() + this.deadlineMs;
    const backoff = new Backoff(20, 250);
    for (let attempts = 1; ; attempts++) {
      signal?.throwIfAborted();
      this.closed.throwIfAborted();
      const client = this.preferred;
      try {
        return await unlessAborted(call(client), signal);
      } catch (error) {
        const fate = fateOf(error);
        if (fate === 'refused') throw refusal(error);
        this.avoid(client);
        signal?.throwIfAborted();
        if (fate === 'unknown' && !harmless) throw unknownOutcome(error);
        if (attempts >= this.#clients.length && performance.now() >= givenUpMs) throw unavailable(error);
      }
      if (attempts % this.#clients.length === 0) {
        await pause(systemClock, backoff.next(), signal ? AbortSignal.any([signal, this.closed]) : this.closed);
      }
    }
  }
}

function clientOf(endpoint: string, deadlineMs: number): Etcd3 {
  return new Etcd3({
    hosts: endpoint,
    grpcOptions: {
      'grpc.max_receive_message_length': -1,
      // A hung member keeps its connections open: only pings tell. etcd allows one every five seconds.
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 3_000,
      'grpc.keepalive_permit_without_calls': 1,
      // The defaults go up to two minutes, for which a member that has come back would not be seen.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 500,
      // Retry policies must not come from DNS.
      'grpc.service_config_disable_resolution': 1,
    },
    defaultCallOptions: (context) => (context.isStream ? {} : { deadline: Date.now() + deadlineMs }),
    // etcd3's own policies repeat writes whose answer was lost.
    faultHandling: { global: noop, host: () => noop },
  });
}

const refusals = [
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  GRPCAlreadyExistsError,
  GRPCFailedPreconditionError,
  GRPCInvalidArgumentError,
  GRPCNotFoundError,
  GRPCNotImplementedError,
  GRPCOutOfRangeError,
  GRPCUnauthenticatedError,
];

/** When in doubt it is unknown. The texts are those of grpc-js for calls that got no connection. */
function fateOf(error: unknown): Fate {
  const message = messageOf(error);
  if (error instanceof ClientClosedError) return 'never-sent';
  if (/No connection established|Channel closed before call started|Name resolution failed/.test(message)) {
    return 'never-sent';
  }
  if (refusals.some((refusal) => error instanceof refusal)) return 'refused';
  // The client itself has this code too, for connections that the server throttles.
  if (error instanceof GRPCResourceExhastedError && /etcdserver:|larger than max/.test(message)) return 'refused';
  return 'unknown';
}

function refusal(error: unknown): StateError {
  const code = error instanceof EtcdLeaseInvalidError ? 'STATE_LEASE_LOST' : 'STATE_REFUSED';
  return new StateError(code, `etcd refused: ${messageOf(error)}`, { cause: error });
}

function unknownOutcome(error: unknown): StateError {
  const message = `a write was sent and may or may not have happened: ${messageOf(error)}`;
  return new StateError('STATE_UNKNOWN_OUTCOME', message, { cause: error });
}

function unavailable(error: unknown): StateError {
  return new StateError('STATE_UNAVAILABLE', `etcd does not answer: ${messageOf(error)}`, { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The outcome of a promise, or the reason of a signal that aborts first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  setMaxListeners(0, signal); // One for each call under way; Node warns of more than ten.
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
