// The patterns of trust/signers.yaml, each with its place.

import type { ValuePath } from '../../document.ts';
import type { Site } from '../../load.ts';
import { patternFault } from '../../trust-paths.ts';

export interface PlacedPattern {
  readonly pattern: string;
  readonly path: ValuePath;
  /** Whose it is, for messages. */
  readonly who: string;
}

/** What signers may change. */
export function* signerPatterns({ signers }: Site): Generator<PlacedPattern> {
  for (const [index, { name, paths }] of signers.value.signers.entries()) {
    for (const [at, pattern] of paths.entries()) {
      yield { pattern, path: ['signers', index, 'paths', at], who: name };
    }
  }
}

/** What thresholds are for. */
export function* thresholdPatterns({ signers }: Site): Generator<PlacedPattern> {
  for (const [index, { paths }] of (signers.value.thresholds ?? []).entries()) {
    for (const [at, pattern] of paths.entries()) {
      yield { pattern, path: ['thresholds', index, 'paths', at], who: 'a threshold' };
    }
  }
}

/** Tells whether somebody may change a file. Looks its path and folders up, so that it matters little how many are asked. */
export function coverage(site: Site): (path: string) => boolean {
  const patterns = new Set<string>();
  for (const { pattern } of signerPatterns(site)) if (patternFault(pattern) === null) patterns.add(pattern);
  return (path) => [path, '**', ...foldersOf(path)].some((pattern) => patterns.has(pattern));
}

/** The folders that a file lies in, each ending in `/`. */
export function* foldersOf(path: string): Generator<string> {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) yield path.slice(0, at + 1);
}
