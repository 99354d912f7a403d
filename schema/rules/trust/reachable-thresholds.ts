import type { Site } from '../../load.ts';
import { countedFor, personsFor, type Trust, type TrustThreshold } from '../../trust/trusted-keys.ts';
import { pathPattern, patternFault } from '../../trust-paths.ts';
import type { Threshold } from '../../types/signers.ts';
import { counted, listed } from '../../words.ts';
import type { Finding, Rule } from '../rule.ts';
import { trustOf } from './site-trust.ts';

/** A threshold that no commit reaches closes its paths for good. */
export const reachableThresholds: Rule = {
  id: 'BERTH-805',
  title: 'thresholds can be reached',
  *check(site): Generator<Finding> {
    const { trust } = trustOf(site);
    const groups = new Set((site.signers.value.groups ?? []).map(({ name }) => name));
    for (const [index, threshold] of (site.signers.value.thresholds ?? []).entries()) {
      const read = trust.thresholds[index];
      // BERTH-808 says it of groups that are not there.
      const isKnown = threshold.group === undefined || groups.has(threshold.group);
      if (read && isKnown) yield* checkThreshold(site, trust, threshold, read, index);
    }
  },
};

function* checkThreshold(
  site: Site,
  trust: Trust,
  { paths, group }: Threshold,
  threshold: TrustThreshold,
  index: number,
): Generator<Finding> {
  const short = new Map<string, readonly string[]>();
  for (const [at, text] of paths.entries()) {
    if (patternFault(text) !== null) continue;
    const files = [...site.files.keys()].filter(pathPattern(text).covers).sort();
    const open = files.filter((file) => !personsFor(trust, file).next().done);
    if (files.length > 0 && open.length === 0) {
      yield {
        place: site.signers.placeOf('thresholds', index, 'paths', at),
        message: `there is a threshold for ${text}, but no signer who may change it`,
        hint: 'give a signer the path, or remove it here',
      };
    }
    for (const file of open) {
      const names = [...countedFor(trust, threshold, file)].map(({ name }) => name);
      if (names.length < threshold.signatures) short.set(file, names);
    }
  }
  const [first] = short;
  if (first === undefined) return;
  const [file, names] = first;
  const more = short.size === 1 ? '' : ` and ${counted(short.size - 1, 'more file')}`;
  const whose = group === undefined ? 'who may make them' : `of the group ${group}`;
  const take = `take the signatures of ${counted(threshold.signatures, 'signer')} ${whose}`;
  yield {
    place: site.signers.placeOf('thresholds', index, 'signatures'),
    message: `changes of ${file}${more} ${take}, but there is ${names.length === 0 ? 'nobody' : `only ${listed(names)}`}`,
    hint: 'lower it, or let in more signers',
  };
}
