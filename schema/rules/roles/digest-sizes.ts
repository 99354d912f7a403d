import { formatPlace } from '../../diagnostic.ts';
import { type PinnedFile, pinnedFiles } from '../../pins.ts';
import type { Rule } from '../rule.ts';

/** A digest names bytes, and bytes have one length: where two are said, boot servers refuse one of the two files. */
export const digestSizes: Rule = {
  id: 'BERTH-406',
  title: 'a digest has the same size wherever it is pinned',
  *check({ releases }) {
    const first = new Map<string, PinnedFile>();
    for (const pin of pinnedFiles(releases.value)) {
      const other = first.get(pin.sha256);
      if (!other) first.set(pin.sha256, pin);
      else if (other.sizeBytes !== pin.sizeBytes) {
        const at = formatPlace(releases.placeOf(...other.path, 'sizeBytes'));
        yield {
          place: releases.placeOf(...pin.path, 'sizeBytes'),
          message: `${pin.what} has ${pin.sizeBytes} bytes, but ${other.what}, of the same digest, has ${other.sizeBytes} at ${at}`,
          hint: 'correct the size, or the digest that was copied',
        };
      }
    }
  },
};
