// The patterns of trust/signers.yaml, each with its place.
import type { ValuePath } from '../../document.ts';
import type { Site } from '../../load.ts';
import { trustOf } from './site-trust.ts';

export interface PlacedPattern {
  readonly pattern: string;
  readonly path: ValuePath;
  /** Whose it is, for messages. */
  readonly who: string;
}

interface PatternHolder {
  readonly paths?: readonly string[];
}

/** What signers and groups may change, what thresholds are for, and what merges may bring. */
export function* placedPatterns({ signers }: Site): Generator<PlacedPattern> {
  const { value } = signers;
  yield* placed('signers', value.signers, ({ name }) => name);
  yield* placed('groups', value.groups ?? [], ({ name }) => `the group ${name}`);
  yield* placed('thresholds', value.thresholds ?? [], () => 'a threshold');
  yield* placed('mergeKeys', value.mergeKeys ?? [], ({ name }) => name);
}

function* placed<T extends PatternHolder>(
  key: string,
  holders: readonly T[],
  nameOf: (holder: T) => string,
): Generator<PlacedPattern> {
  for (const [index, holder] of holders.entries()) {
    for (const [at, pattern] of (holder.paths ?? []).entries()) {
      yield { pattern, path: [key, index, 'paths', at], who: nameOf(holder) };
    }
  }
}

/** Tells whether somebody may change a file. Looks its path and folders up, so that it matters little how many are asked. */
export function coverage(site: Site): (path: string) => boolean {
  const persons = [...trustOf(site).trust.persons.values()];
  const patterns = new Map(persons.flatMap((person) => person.patterns.map((pattern) => [pattern.text, pattern])));
  const wild = [...patterns.values()].filter(({ text }) => text !== '**' && text.includes('*'));
  return (path) => {
    if ([path, '**', ...foldersOf(path)].some((text) => patterns.has(text))) return true;
    return wild.some((pattern) => pattern.covers(path));
  };
}

/** The folders that a file lies in, each ending in `/`. */
export function* foldersOf(path: string): Generator<string> {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) yield path.slice(0, at + 1);
}
