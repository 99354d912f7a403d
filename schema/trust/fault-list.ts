// Collects what is wrong with a trust document while it is read.
import type { Place } from '../diagnostic.ts';
import type { ValuePath } from '../document.ts';
import type { TrustFault, TrustFaultCode } from './trusted-keys.ts';

/** Where a fault is: in a value of trust/signers.yaml, or in a file that the value names. */
export interface FaultPlace {
  readonly path: ValuePath;
  /** A character of the value. */
  readonly offset?: number;
  readonly place?: Place;
}

export class FaultList {
  readonly faults: TrustFault[] = [];

  add(code: TrustFaultCode, { path, offset, place }: FaultPlace, message: string, hint: string): void {
    this.faults.push({ code, path, offset: offset ?? null, place: place ?? null, message, hint });
  }
}
