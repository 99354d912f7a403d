import type { ValuePath } from '../../document.ts';
import type { Site } from '../../load.ts';
import { suggest } from '../../suggest.ts';
import type { Rule } from '../rule.ts';
import { type NamedKind, siteNames } from './site-names.ts';

interface Named {
  readonly kind: NamedKind;
  readonly name: string;
  readonly path: ValuePath;
  /** Whether the name is a key, not a value. */
  readonly isKey?: true;
}

const hints = {
  role: { hint: 'roles have the names of the files in roles/' },
  rack: { hint: 'racks have the names of the files in racks/' },
  machine: { hint: 'machines are named by their serials' },
} as const;

/** To compare one name with ten thousand serials takes milliseconds; who has more wrong names sees the kind of mistake. */
const mostGuesses = 20;

/** A policy for a misspelt name holds for nobody. */
export const knownNames: Rule = {
  id: 'BERTH-702',
  title: 'roles, racks and machines that the roll-out policy names exist',
  *check(site) {
    const known = siteNames(site);
    let guesses = mostGuesses;
    for (const { kind, name, path, isKey } of namedIn(site)) {
      if (known[kind].has(name)) continue;
      const meant = guesses-- > 0 ? suggest(name, known[kind]) : null;
      const place = isKey ? site.site.placeOfKey(...path) : site.site.placeOf(...path);
      const message = `the roll-out policy names the ${kind} ${name}, which the site does not have`;
      yield { place, message, ...(meant === null ? hints[kind] : { hint: `did you mean ${meant}?` }) };
    }
  },
};

function* namedIn({ site }: Site): Generator<Named> {
  const { waves = [], windows = [], freezes = [], budgets } = site.value.rollout;
  for (const [index, { roles, racks, machines }] of waves.entries()) {
    const path = ['rollout', 'waves', index];
    yield* members('role', roles, [...path, 'roles']);
    yield* members('rack', racks, [...path, 'racks']);
    yield* members('machine', machines, [...path, 'machines']);
  }
  for (const [index, { roles }] of windows.entries()) {
    yield* members('role', roles, ['rollout', 'windows', index, 'roles']);
  }
  for (const [index, { roles }] of freezes.entries()) {
    yield* members('role', roles, ['rollout', 'freezes', index, 'roles']);
  }
  for (const name of Object.keys(budgets?.roles ?? {})) {
    yield { kind: 'role', name, path: ['rollout', 'budgets', 'roles', name], isKey: true };
  }
}

function* members(kind: NamedKind, names: readonly string[] | undefined, path: ValuePath): Generator<Named> {
  for (const [index, name] of names?.entries() ?? []) yield { kind, name, path: [...path, index] };
}
