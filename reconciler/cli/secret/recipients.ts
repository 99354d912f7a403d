// The recipients of trust/recipients.yaml as it lies on disk, committed or not.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type AgeRecipient, AgeRecipientError, parseAgeRecipient } from '../../../schema/age-recipient.ts';
import { type Diagnostic, formatDiagnostic } from '../../../schema/diagnostic.ts';
import { parseDocument, type SiteDocumentFile } from '../../../schema/document.ts';
import type { RecipientsDocument } from '../../../schema/types/recipients.ts';
import { validateDocument } from '../../../schema/validate.ts';
import { CliError } from '../cli-error.ts';
import { placedIn } from '../site-folder.ts';

const file = 'trust/recipients.yaml';

/**
 * @param root folder of the site repo
 * @throws {CliError} when the file is not there, or nothing should be sealed to what it says
 */
export function readRecipients(root: string): readonly AgeRecipient[] {
  const { value } = readDocument(root);
  const shown = path.join(root, file);
  if (!value.recipients.some(({ servers }) => servers)) {
    throw new CliError(`${shown}: none of the recipients is a key of boot servers (servers: true)`);
  }
  const keys = value.recipients.map(({ key }) => key);
  const twice = value.recipients.find(({ key }, index) => keys.indexOf(key) !== index);
  if (twice) throw new CliError(`${shown}: the key of ${twice.name} stands there twice`);
  return value.recipients.map(({ name, key }) => {
    try {
      return parseAgeRecipient(key);
    } catch (error) {
      if (!(error instanceof AgeRecipientError)) throw error;
      throw new CliError(`${shown}: nothing can be sealed to ${name}: ${error.message}`);
    }
  });
}

function readDocument(root: string): SiteDocumentFile<RecipientsDocument> {
  const read = parseDocument(file, readBytes(root));
  if (!read.document) throw faulty(read.diagnostics, root);
  const { document, diagnostics } = validateDocument('recipients', read.document);
  if (!document) throw faulty(diagnostics, root);
  return document;
}

function readBytes(root: string): Uint8Array {
  try {
    return readFileSync(path.join(root, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new CliError(`there is no ${path.join(root, file)}, which says whom secrets are sealed to`);
  }
}

function faulty(diagnostics: readonly Diagnostic[], root: string): CliError {
  return new CliError(diagnostics.map((diagnostic) => formatDiagnostic(placedIn(diagnostic, root))).join('\n'));
}
