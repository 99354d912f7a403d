import type { Site } from '../../load.ts';
import { countedFor, personsFor, signersPath, type Trust, thresholdsFor } from '../../trust/trusted-keys.ts';
import { listed } from '../../words.ts';
import type { Finding } from '../rule.ts';
import { trustOf } from '../trust/site-trust.ts';
import type { Transition } from './transition.ts';

/** A commit is judged by its parents' signers: when too few of today's are left, only new ones can mend what is wrong. */
export const lastSigner: Transition = {
  id: 'BERTH-916',
  title: 'signers who may change trust/signers.yaml today may do so tomorrow, as many as it takes',
  *check(base, site) {
    const today = trustOf(base).trust;
    const tomorrow = trustOf(site).trust;
    const trustees = names(personsFor(today, signersPath));
    if (trustees.size === 0) return;
    const able = names(personsFor(tomorrow, signersPath));
    const mayStay = [...keysOf(today, trustees)].some(([key]) => keysOf(tomorrow, able).has(key));
    if (mayStay) yield* checkThresholds(site, today, tomorrow);
    else {
      yield {
        place: site.signers.placeOf('signers'),
        message: `none of those who may change ${signersPath} today would be left: ${[...trustees].join(', ')}`,
        hint,
      };
    }
  },
};

const hint = 'add the new keys first, and remove the old ones in a later commit that a new key has signed';

/** New signers must not be needed before they are let in: their keys may turn out not to work. */
function* checkThresholds(site: Site, today: Trust, tomorrow: Trust): Generator<Finding> {
  const before = keysOf(today);
  for (const threshold of thresholdsFor(tomorrow, signersPath)) {
    const able = names(countedFor(tomorrow, threshold, signersPath));
    const known = new Set([...keysOf(tomorrow, able)].flatMap(([key, name]) => (before.has(key) ? name : [])));
    // BERTH-805 says that it cannot be reached at all.
    if (known.size >= threshold.signatures || able.size < threshold.signatures) continue;
    const who = known.size === 0 ? 'nobody' : `only ${listed([...known])}`;
    yield {
      place: site.signers.placeOf('thresholds', tomorrow.thresholds.indexOf(threshold)),
      message: `it would take ${threshold.signatures} signers to change ${signersPath}, of whom today's file knows ${who}`,
      hint: 'let the new signers in first, and raise the threshold or remove others in a later commit',
    };
  }
}

/** Keys that are not revoked, by fingerprint: whose they are. @param owners all where it is left out */
function keysOf(trust: Trust, owners?: ReadonlySet<string>): ReadonlyMap<string, string> {
  const openPgp = trust.openPgpKeys.map((key) => [key.fingerprint, key] as const);
  const good = [...trust.sshKeys, ...openPgp].filter(
    ([, { name, revoked }]) => !revoked && (owners?.has(name) ?? true),
  );
  return new Map(good.map(([fingerprint, { name }]) => [fingerprint, name]));
}

function names(persons: Iterable<{ readonly name: string }>): Set<string> {
  return new Set([...persons].map(({ name }) => name));
}
