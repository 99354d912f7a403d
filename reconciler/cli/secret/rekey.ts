// berth secret rekey: secrets are sealed again, to the recipients as they are now.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { AgeHeaderError, parseAgeHeader } from '../../../schema/age-header.ts';
import { type AgeRecipient, misfit } from '../../../schema/age-recipient.ts';
import { type Digest, sha256 } from '../../../schema/canonical.ts';
import { secretFiles } from '../../../schema/secret-files.ts';
import { open, SealError, seal } from '../../secrets/seal.ts';
import { shortDigest } from '../../secrets/secret.ts';
import { readFolder } from '../../source/folder.ts';
import { CliError } from '../cli-error.ts';
import { writeSealed } from './file.ts';
import { type OwnKeys, readOwnKeys } from './identities.ts';
import { secretPath, siteAbove } from './place.ts';
import { readRecipients } from './recipients.ts';

export interface SecretRekeyOptions {
  /** Files of private keys; by default as {@link readOwnKeys} has it. */
  readonly identity?: readonly string[];
  /** Those too whose headers fit. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** What became of a secret. */
type Outcome =
  | { readonly outcome: 'kept' }
  | { readonly outcome: 'sealed'; readonly from: Digest; readonly to: Digest; readonly hadOthers: boolean }
  | { readonly outcome: 'failed'; readonly message: string };

type Told = Outcome & { readonly path: string };

/**
 * Each file is sealed again or left as it was, whatever becomes of the others.
 * @param targets secrets or folders of them, or the site repo; by default the one that the user is in
 * @returns 0 when all are sealed to the recipients of trust/recipients.yaml, 1 when one could not be
 * @throws {CliError} when nothing can be sealed at all
 */
export async function secretRekey(
  targets: readonly string[],
  { identity = [], all = false, json = false }: SecretRekeyOptions,
): Promise<number> {
  const root = siteAbove(targets[0] ?? '.');
  const secrets = secretFiles(await readFolder(root));
  const recipients = readRecipients(root);
  // Where nothing is to be done, no key is needed.
  let keys: OwnKeys | null = null;
  const told: Told[] = [];
  for (const file of selected(root, [...secrets.keys()], targets)) {
    const sealed = secrets.get(file) ?? new Uint8Array();
    let outcome: Outcome = { outcome: 'kept' };
    if (all || !fits(sealed, recipients)) {
      keys ??= readOwnKeys(identity);
      outcome = await rekey(path.join(root, file), sealed, recipients, keys);
    }
    told.push({ path: file, ...outcome });
  }
  if (json) process.stdout.write(`${JSON.stringify({ format: 1, secrets: told }, null, 2)}\n`);
  else tell(told, root);
  return told.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

/** @throws {CliError} when one of the targets is not there */
function selected(root: string, all: readonly string[], targets: readonly string[]): readonly string[] {
  if (targets.length === 0) return all;
  const chosen = new Set(targets.flatMap((target) => meant(root, all, target)));
  return all.filter((file) => chosen.has(file));
}

function meant(root: string, all: readonly string[], target: string): readonly string[] {
  const folder = folderIn(root, target);
  if (folder !== null) return all.filter((file) => file.startsWith(folder));
  const file = secretPath(root, target);
  if (!all.includes(file)) throw new CliError(`there is no ${path.join(root, file)}`);
  return [file];
}

/** Path in the site repo, ending in `/` (nothing for its top); null for what is no folder. */
function folderIn(root: string, target: string): string | null {
  for (const candidate of [target, path.join(root, target)]) {
    if (!existsSync(candidate) || !statSync(candidate).isDirectory()) continue;
    const inside = path.relative(root, candidate).split(path.sep).join('/');
    if (!inside.startsWith('..')) return inside === '' ? '' : `${inside}/`;
  }
  return null;
}

/** What is no sealed file does not fit; opening it says why. */
function fits(sealed: Uint8Array, recipients: readonly AgeRecipient[]): boolean {
  try {
    return misfit(parseAgeHeader(sealed), recipients) === null;
  } catch (error) {
    if (error instanceof AgeHeaderError) return false;
    throw error;
  }
}

async function rekey(
  file: string,
  sealed: Uint8Array,
  recipients: readonly AgeRecipient[],
  { identities, said }: OwnKeys,
): Promise<Outcome> {
  try {
    const content = await open(sealed, identities);
    const header = parseAgeHeader(sealed);
    const after = await seal(content, recipients, header.armored);
    await writeSealed(file, after);
    const hadOthers = misfit(header, recipients)?.hasOthers ?? false;
    return { outcome: 'sealed', from: sha256(sealed), to: sha256(after), hadOthers };
  } catch (error) {
    if (!(error instanceof SealError) && !(error instanceof CliError)) throw error;
    return { outcome: 'failed', message: `${error.message}${error.code === 'no-identity' ? ` (${said})` : ''}` };
  }
}

function tell(told: readonly Told[], root: string): void {
  for (const one of told) {
    const file = path.join(root, one.path);
    if (one.outcome === 'sealed') process.stdout.write(`${file}: ${shortDigest(one.from)} → ${shortDigest(one.to)}\n`);
    if (one.outcome === 'failed') process.stderr.write(`${file}: left as it was: ${one.message}\n`);
  }
  const count = (outcome: Told['outcome']): number => told.filter((one) => one.outcome === outcome).length;
  const counts = [`${count('sealed')} sealed again`, `${count('kept')} as they were`, `${count('failed')} failed`];
  process.stdout.write(`${told.length === 0 ? 'there are no secrets' : counts.join(', ')}\n`);
  if (told.some((one) => one.outcome === 'sealed' && one.hadOthers)) {
    process.stdout.write('Whoever was taken off the list has what they could read: change what the secrets protect.\n');
  }
}
