// Secrets as values: sealed as they lie in the site repo, and opened. Neither shows anything but a digest, whatever
// prints it, so that none gets into a log or a plan by way of what holds it.
import { inspect } from 'node:util';
import { type Digest, sha256 } from '../../schema/canonical.ts';
import type { SiteFiles } from '../../schema/load.ts';
import { secretFiles } from '../../schema/secret-files.ts';

/** As people are shown it: `sha256 1a2b3c4d5e6f`. */
export function shortDigest(digest: Digest): string {
  return `sha256 ${digest.slice(0, 12)}`;
}

abstract class HiddenBytes {
  readonly #bytes: Uint8Array;

  constructor(
    /** Path in the site repo. */
    readonly path: string,
    /** SHA-256 of the sealed file: what is inside has none that is shown, for it might be guessed. */
    readonly digest: Digest,
    bytes: Uint8Array,
  ) {
    this.#bytes = bytes;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return `${this.path}: ${shortDigest(this.digest)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A file of secrets/ as it lies there. */
export class SealedSecret extends HiddenBytes {
  readonly state = 'sealed';
}

/** What is inside of it. */
export class OpenedSecret extends HiddenBytes {
  readonly state = 'opened';

  /** As text (UTF-8). */
  get text(): string {
    return Buffer.from(this.bytes).toString();
  }
}

/** The secrets of a site repo, in the order of their paths. */
export function sealedSecrets(files: SiteFiles): readonly SealedSecret[] {
  return [...secretFiles(files)].map(([path, bytes]) => new SealedSecret(path, sha256(bytes), bytes));
}
