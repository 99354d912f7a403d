// Everything that the state store throws, told apart by its code.

export type StateErrorCode =
  /** No member answered in time. Nothing was read; nothing was written. */
  | 'STATE_UNAVAILABLE'
  /** A write went out and no answer came back: it may or may not have happened. Read to find out. */
  | 'STATE_UNKNOWN_OUTCOME'
  /** A value or a transaction is over etcd's limits; it was not sent. */
  | 'STATE_TOO_LARGE'
  /** The request makes no sense, or etcd refused it. Nothing was written. */
  | 'STATE_REFUSED'
  /** The lease has ended, or the session that stands on it has. */
  | 'STATE_LEASE_LOST'
  /** Somebody else leads: a fenced write was refused. */
  | 'STATE_FENCED'
  /** A record does not have the shape that its schema asks for, or not its digest. */
  | 'STATE_INVALID'
  /** The store was closed. */
  | 'STATE_CLOSED';

export class StateError extends Error {
  override readonly name = 'StateError';
  readonly code: StateErrorCode;

  constructor(code: StateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether something caught is a {@link StateError} with one of the codes, or with any if none is named. */
export function isStateError(error: unknown, ...codes: readonly StateErrorCode[]): error is StateError {
  return error instanceof StateError && (codes.length === 0 || codes.includes(error.code));
}
