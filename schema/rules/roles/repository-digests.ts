import { formatPlace } from '../../diagnostic.ts';
import { type PinnedImage, pinnedImages } from '../../pins.ts';
import type { Rule } from '../rule.ts';

/** Two versions of one image under two names: perhaps on purpose, perhaps one of them was left behind. */
export const repositoryDigests: Rule = {
  id: 'BERTH-417',
  title: 'an image repository is pinned to one digest among the images in use',
  severity: 'warning',
  *check({ releases, cluster }) {
    const first = new Map<string, PinnedImage>();
    for (const image of pinnedImages(releases.value)) {
      // Each version of Kubernetes has images of its own, and of those only one version's are in use.
      if (image.kubernetes !== null && image.kubernetes !== cluster?.value.version) continue;
      const other = first.get(image.repository);
      if (!other) first.set(image.repository, image);
      else if (other.digest !== image.digest && (image.tag === null || other.tag !== image.tag)) {
        const at = formatPlace(releases.placeOf(...other.path));
        yield {
          place: releases.placeOf(...image.path),
          message: `${image.name} is another version of ${image.repository} than ${other.name} at ${at}`,
          hint: 'pin it once, unless both are wanted side by side',
        };
      }
    }
  },
};
