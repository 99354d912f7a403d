import { filesOfTrust, signersPath, type Trust, thresholdsFor } from '../../trust/trusted-keys.ts';
import type { Rule } from '../rule.ts';
import { trustOf } from './site-trust.ts';

/** Whoever may change a file with keys alone lets in keys alone, whatever trust/signers.yaml itself takes. */
export const guardedTrustFiles: Rule = {
  id: 'BERTH-813',
  severity: 'warning',
  title: 'files with keys take as many signatures as trust/signers.yaml',
  *check(site) {
    const { trust } = trustOf(site);
    const guards = thresholdsFor(trust, signersPath);
    const [highest] = [...guards].sort((a, b) => b.signatures - a.signatures);
    const lax = filesOfTrust(site.signers.value).filter(
      (file) => signaturesFor(trust, file) < signaturesFor(trust, signersPath),
    );
    const [first] = lax;
    if (highest === undefined || first === undefined) return;
    yield {
      place: site.signers.placeOf('thresholds', trust.thresholds.indexOf(highest), 'paths'),
      message: `it takes ${highest.signatures} signatures to change ${signersPath}, but ${signaturesFor(trust, first)} to put other keys into ${first}`,
      hint: 'let the threshold cover trust/',
    };
  },
};

function signaturesFor(trust: Trust, path: string): number {
  return Math.max(1, ...thresholdsFor(trust, path).map(({ signatures }) => signatures));
}
