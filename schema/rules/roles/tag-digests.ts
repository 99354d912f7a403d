import { formatPlace } from '../../diagnostic.ts';
import { type PinnedImage, pinnedImages } from '../../pins.ts';
import type { Rule } from '../rule.ts';

/** The digest decides what runs, the tag is what people read: with two digests to a tag, they read something wrong. */
export const tagDigests: Rule = {
  id: 'BERTH-420',
  title: 'a tag of an image stands for one digest',
  *check({ releases }) {
    const first = new Map<string, PinnedImage>();
    for (const image of pinnedImages(releases.value)) {
      if (image.tag === null) continue;
      const reference = `${image.repository}:${image.tag}`;
      const other = first.get(reference);
      if (!other) first.set(reference, image);
      else if (other.digest !== image.digest) {
        const at = formatPlace(releases.placeOf(...other.path));
        yield {
          place: releases.placeOf(...image.path),
          message: `${reference} has another digest as ${other.name} at ${at}`,
          hint: 'ask the registry which of the two it is, and correct the tag or the digest of the other',
        };
      }
    }
  },
};
