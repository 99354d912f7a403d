// What trust/signers.yaml of a site comes to, for the rules: read once for each site.
import { decodeText } from '../../document.ts';
import type { Site } from '../../load.ts';
import { readTrust, type TrustFault, type TrustFaultCode, type TrustResult } from '../../trust/trusted-keys.ts';
import type { Finding } from '../rule.ts';

const known = new WeakMap<Site, TrustResult>();

export function trustOf(site: Site): TrustResult {
  const result = known.get(site) ?? readTrust(site.signers.value, (path) => textAt(site, path));
  known.set(site, result);
  return result;
}

/** What is wrong with the trust of a site, as far as it is of some kinds: boot servers refuse all of it. */
export function* trustFaults(site: Site, ...codes: readonly TrustFaultCode[]): Generator<Finding> {
  for (const fault of trustOf(site).faults) {
    if (!codes.includes(fault.code)) continue;
    const { message, hint } = fault;
    const finding = { place: placeOf(site, fault), message, hint };
    yield fault.code === 'private-key' ? { ...finding, isSecret: true } : finding;
  }
}

function placeOf({ signers }: Site, { path, offset, place }: TrustFault) {
  if (place !== null) return place;
  return offset === null ? signers.placeOf(...path) : signers.placeInside(offset, ...path);
}

function textAt({ files }: Site, path: string): string | null {
  const file = files.get(path);
  const decoded = file ? decodeText(path, file.bytes) : null;
  return decoded && 'text' in decoded ? decoded.text : null;
}
