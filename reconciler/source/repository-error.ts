// Why a repository could not be fetched.

export type RepositoryErrorCode =
  /** No connection, or no answer in time. */
  | 'unreachable'
  /** The server wants other credentials. */
  | 'access-denied'
  /** The server knows no such repository. */
  | 'no-repository'
  | 'no-branch'
  /** The server answers with an error, or not as a Git server does. */
  | 'server-error'
  /** More bytes than are taken: sent, or inflated. */
  | 'too-large'
  /** More objects in one pack than are taken. */
  | 'too-many-objects'
  /** More branches and tags than are taken. */
  | 'too-many-refs'
  /** What was sent, or what is kept of it on disk, is damaged. */
  | 'corrupt'
  /** What was sent does not go back to the beginning of history. */
  | 'shallow'
  /** The file is no bundle, only a part of one, or one that needs what is not here. */
  | 'bad-bundle'
  /** What was sent cannot be written. */
  | 'disk-full'
  /** The options make no sense. */
  | 'bad-url';

export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';

  constructor(
    readonly code: RepositoryErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether the system says that there is no room to write. */
export function isDiskFull(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
