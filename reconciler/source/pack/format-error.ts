/** A pack, or the index of one, is not as Git writes it. */
export class PackFormatError extends Error {
  readonly code = 'malformed-pack';
  override readonly name = 'PackFormatError';
}
