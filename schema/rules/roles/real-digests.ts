import { sha256 } from '../../canonical.ts';
import { pinnedFiles, pinnedImages } from '../../pins.ts';
import type { Rule } from '../rule.ts';

/** What is left of a download that failed. */
const ofNothing = sha256('');

/** A digest is not made up, and is of bytes that somebody had. */
export const realDigests: Rule = {
  id: 'BERTH-413',
  title: 'every digest is that of a file',
  *check({ releases }) {
    for (const { what, path, sha256: digest } of pinnedFiles(releases.value)) {
      const why = doubt(digest);
      if (why === null) continue;
      const hint = 'download the file, compare it with what its makers publish, and take its sha256sum';
      yield { place: releases.placeOf(...path, 'sha256'), message: `the digest of ${what} is ${why}`, hint };
    }
    for (const { name, path, digest } of pinnedImages(releases.value)) {
      const why = doubt(digest);
      if (why === null) continue;
      const hint = 'ask the registry for it, as with crane digest';
      yield { place: releases.placeOf(...path), message: `the digest of the image ${name} is ${why}`, hint };
    }
  },
};

function doubt(digest: string): string | null {
  if (digest === ofNothing) return 'that of an empty file';
  return /^(.)\1*$/.test(digest) ? `${digest.charAt(0)} from end to end` : null;
}
