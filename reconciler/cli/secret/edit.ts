// berth secret edit: a file of secrets/, opened in an editor and sealed again.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseAgeHeader } from '../../../schema/age-header.ts';
import { misfit } from '../../../schema/age-recipient.ts';
import { sha256 } from '../../../schema/canonical.ts';
import { open, SealError, seal } from '../../secrets/seal.ts';
import { shortDigest } from '../../secrets/secret.ts';
import { CliError } from '../cli-error.ts';
import { editPrivately } from './editor.ts';
import { writeSealed, writeSealedOrKeep } from './file.ts';
import { readOwnKeys } from './identities.ts';
import { secretPath, siteAbove } from './place.ts';
import { readRecipients } from './recipients.ts';

export interface SecretEditOptions {
  /** Files of private keys; by default as {@link readOwnKeys} has it. */
  readonly identity?: readonly string[];
  /** A file that is sealed as it is, `-` for standard input. */
  readonly from?: string;
  /** So many random bytes are sealed, in base64url. */
  readonly generate?: string;
  /** Whether nothing may be sealed. */
  readonly allowEmpty?: boolean;
}

/**
 * Open or make a secret, and seal what comes of it to the recipients of trust/recipients.yaml. What does not change is
 * left as it is, byte for byte.
 * @param target the secret, as {@link secretPath} takes it
 * @param dir the site repo; by default the one that the secret or the user is in
 * @throws {CliError} {@link SealError}
 */
export async function secretEdit(target: string, dir: string | undefined, options: SecretEditOptions): Promise<number> {
  const root = siteAbove(dir ?? target);
  const secret = secretPath(root, target);
  const file = path.join(root, secret);
  // Before anybody writes anything that then could not be sealed.
  const recipients = readRecipients(root);
  await seal(new Uint8Array(), recipients, false);
  const sealed = existsSync(file) ? readFileSync(file) : null;
  const given = await givenContent(options);
  const before = sealed && (await openedOf(file, sealed, options, given !== null));
  const after = given ?? (await edited(secret, before));
  if (after.length === 0 && !options.allowEmpty) {
    throw new CliError(`${file} is left as it was: there is nothing in it to seal (--allow-empty if that is meant)`);
  }
  const header = sealed && before && parseAgeHeader(sealed);
  if (header && before && Buffer.compare(before, after) === 0) {
    const fault = misfit(header, recipients);
    say(`${file} is left as it was: nothing changed${fault ? `; it ${fault.message}: berth secret rekey` : ''}`);
    return 0;
  }
  const result = await seal(after, recipients, header?.armored ?? true);
  // What is given lies elsewhere still, or is made up again.
  const isWritten = given === null || options.from === '-';
  await (isWritten ? writeSealedOrKeep : writeSealed)(file, result);
  const what = `${file} is ${sealed ? 'changed' : 'new'}`;
  say(
    `${what}, sealed to ${recipients.length} recipient${recipients.length === 1 ? '' : 's'}: ${shortDigest(sha256(result))}`,
  );
  if (options.from !== undefined && options.from !== '-') warn(`${options.from} still lies there in the clear`);
  return 0;
}

/** What is sealed without an editor; null where there is one to be asked. */
async function givenContent({ from, generate }: SecretEditOptions): Promise<Uint8Array | null> {
  if (from !== undefined && generate !== undefined) throw new CliError('--from and --generate do not go together');
  if (from === '-') return buffer(process.stdin);
  if (from !== undefined) {
    try {
      return readFileSync(from);
    } catch (error) {
      throw new CliError(`${from} cannot be read: ${(error as Error).message}`);
    }
  }
  if (generate === undefined) return null;
  const [least, most] = [16, 1024];
  const count = /^\d{1,4}$/.test(generate) ? Number(generate) : 0;
  if (count < least || count > most) throw new CliError(`--generate takes a number of bytes from ${least} to ${most}`);
  return Buffer.from(randomBytes(count).toString('base64url'));
}

/** What a secret holds; null where that is not needed, since it is replaced, and no key at hand opens it. */
async function openedOf(
  file: string,
  sealed: Uint8Array,
  { identity = [] }: SecretEditOptions,
  isReplaced: boolean,
): Promise<Uint8Array | null> {
  const { identities, said } = readOwnKeys(identity);
  try {
    return await open(sealed, identities);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    if (isReplaced) return null;
    throw new CliError(`${file} cannot be opened: ${error.message}${error.code === 'no-identity' ? ` (${said})` : ''}`);
  }
}

function edited(secret: string, before: Uint8Array | null): Promise<Uint8Array> {
  const editor = process.env.VISUAL || process.env.EDITOR;
  if (!editor) throw new CliError('neither VISUAL nor EDITOR names an editor; --from seals a file without one');
  const name = path.basename(secret, '.age');
  return editPrivately({ name, content: before ?? new Uint8Array(), editor, warn });
}

function say(message: string): void {
  process.stdout.write(`${message}\n`);
}

function warn(message: string): void {
  process.stderr.write(`berth: ${message}\n`);
}
