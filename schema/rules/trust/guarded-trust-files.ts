import { filesOfTrust, signersPath, type Trust, type TrustThreshold, thresholdsFor } from '../../trust/trusted-keys.ts';
import { counted } from '../../words.ts';
import type { Rule } from '../rule.ts';
import { trustOf } from './site-trust.ts';

/** Whoever may change a file with keys alone lets in keys alone, whatever trust/signers.yaml itself takes. */
export const guardedTrustFiles: Rule = {
  id: 'BERTH-813',
  severity: 'warning',
  title: 'files with keys take as many signatures as trust/signers.yaml',
  *check(site) {
    const { trust } = trustOf(site);
    // The most first: it says most of what is amiss.
    const guards = thresholdsFor(trust, signersPath).toSorted((a, b) => b.signatures - a.signatures);
    for (const guard of guards) {
      const lax = filesOfTrust(site.signers.value).find((file) => !isGuarded(trust, file, guard));
      if (lax === undefined) continue;
      const { signatures, group } = guard;
      const takes = counted(signatures, 'signature');
      const whose = group === null ? takes : `${takes} of the group ${group}`;
      const instead = group === null ? `${signaturesFor(trust, lax)}` : 'not';
      yield {
        place: site.signers.placeOf('thresholds', trust.thresholds.indexOf(guard), 'paths'),
        message: `it takes ${whose} to change ${signersPath}, but ${instead} to put other keys into ${lax}`,
        hint: 'let the threshold cover trust/',
      };
      return;
    }
  },
};

/** Whether it takes at least what a threshold asks for to change a file. One signature it always takes. */
function isGuarded(trust: Trust, file: string, { signatures, group }: TrustThreshold): boolean {
  if (signatures <= 1 && group === null) return true;
  return thresholdsFor(trust, file).some(
    (threshold) => threshold.signatures >= signatures && (group === null || threshold.group === group),
  );
}

function signaturesFor(trust: Trust, path: string): number {
  return Math.max(1, ...thresholdsFor(trust, path).map(({ signatures }) => signatures));
}
