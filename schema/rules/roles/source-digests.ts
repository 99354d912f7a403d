import { formatPlace } from '../../diagnostic.ts';
import { type PinnedFile, pinnedFiles } from '../../pins.ts';
import type { Rule } from '../rule.ts';

/** One URL cannot give two files. */
export const sourceDigests: Rule = {
  id: 'BERTH-407',
  title: 'a source is pinned to one digest',
  *check({ releases }) {
    const first = new Map<string, PinnedFile>();
    for (const pin of pinnedFiles(releases.value)) {
      const other = first.get(pin.source);
      if (!other) first.set(pin.source, pin);
      else if (other.sha256 !== pin.sha256) {
        const at = formatPlace(releases.placeOf(...other.path, 'source'));
        yield {
          place: releases.placeOf(...pin.path, 'source'),
          message: `${pin.what} comes from the source of ${other.what} at ${at}, but has another digest`,
          hint: 'give each file a URL of its own, with its version in it',
        };
      }
    }
  },
};
