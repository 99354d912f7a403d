// Values of documents that were read before and had no findings, by the content of their files.
import { createHash } from 'node:crypto';
import type { DocumentKinds } from './document-kinds.ts';

export interface DocumentCache {
  /** The values of a file's documents, or null. @param blob the file's {@link blobId} */
  getValues(kind: keyof DocumentKinds, blob: string): readonly unknown[] | null;
  setValues(kind: keyof DocumentKinds, blob: string, values: readonly unknown[]): void;
}

/**
 * What Git calls a file of this content where its object format is SHA-256 (git-init(1)). By SHA-1, which most
 * repositories still use, two files can be made to share a name.
 */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha256').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
