/** `locked-identity` has a passphrase. */
export type IdentityErrorCode = 'malformed-identity' | 'unsupported-identity' | 'locked-identity';

/** A private key cannot be used. The message says why and what to do, and holds nothing of the key. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';

  constructor(
    readonly code: IdentityErrorCode,
    message: string,
  ) {
    super(message);
  }
}
