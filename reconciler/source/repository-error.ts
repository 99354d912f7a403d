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
  /** The server sends more than is taken. */
  | 'too-large'
  /** What the server sent, or what is kept of it on disk, is damaged. */
  | 'corrupt'
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
