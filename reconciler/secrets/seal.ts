// Sealing and opening of single files with age.
import type { Decrypter, Encrypter } from 'age-encryption';
import { AgeHeaderError, parseAgeHeader } from '../../schema/age-header.ts';
import { type AgeRecipient, misfit } from '../../schema/age-recipient.ts';
import type { AgeIdentity } from './identity.ts';

export type SealErrorCode =
  /** Sealing failed: a recipient's key is none of its curve. */
  | 'not-sealed'
  /** The file is none of age's, cut off, or altered. */
  | 'damaged'
  /** None of the keys at hand opens it. */
  | 'no-identity';

/** Its message holds nothing of what is sealed. */
export class SealError extends Error {
  override readonly name = 'SealError';

  constructor(
    readonly code: SealErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Seal some bytes to all recipients.
 * @param armored whether the file will be text; it can be reviewed as nothing else, and is a third longer
 * @throws {SealError}
 */
export async function seal(
  content: Uint8Array,
  recipients: readonly AgeRecipient[],
  armored: boolean,
): Promise<Uint8Array> {
  const age = await import('age-encryption');
  const encrypter = new age.Encrypter();
  let sealed: Uint8Array;
  try {
    for (const recipient of recipients) await addRecipient(encrypter, recipient);
    sealed = await encrypter.encrypt(content);
  } catch (error) {
    throw new SealError('not-sealed', `a recipient's key cannot be sealed to: ${reasonOf(error)}`, { cause: error });
  }
  const fault = misfit(parseAgeHeader(sealed), recipients);
  if (fault) throw new SealError('not-sealed', `what was sealed ${fault.message}`);
  return armored ? Buffer.from(age.armor.encode(sealed)) : sealed;
}

async function addRecipient(encrypter: Encrypter, recipient: AgeRecipient): Promise<void> {
  if (recipient.kind === 'X25519') encrypter.addRecipient(recipient.text);
  else {
    const { sshRecipient } = await import('./ssh-recipient.ts');
    encrypter.addRecipient(sshRecipient(recipient.wire, recipient.point));
  }
}

/**
 * Open a sealed file, binary or armored, with the first of the keys that fits.
 * @throws {SealError} `damaged` or `no-identity`
 */
export async function open(sealed: Uint8Array, identities: readonly AgeIdentity[]): Promise<Uint8Array> {
  const armored = headerOf(sealed).armored;
  const age = await import('age-encryption');
  const decrypter: Decrypter = new age.Decrypter();
  for (const identity of identities) decrypter.addIdentity(await identity.load());
  try {
    return await decrypter.decrypt(armored ? age.armor.decode(Buffer.from(sealed).toString('latin1')) : sealed);
  } catch (error) {
    if (reasonOf(error).startsWith('no identity matched')) {
      throw new SealError('no-identity', 'it is sealed to none of the keys at hand', { cause: error });
    }
    throw new SealError('damaged', 'it was altered or is damaged', { cause: error });
  }
}

function headerOf(sealed: Uint8Array): { readonly armored: boolean } {
  try {
    return parseAgeHeader(sealed);
  } catch (error) {
    if (error instanceof AgeHeaderError) throw new SealError('damaged', error.message, { cause: error });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
