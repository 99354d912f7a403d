// What actions on many machines have in common is one object for all of them. A change of a role restarts thousands for
// the same reasons: those are kept, grouped and shown once, not thousands of times.
import type { MachineObject } from '../../schema/types/machine-object.ts';
import type { FailureDomains, Reason } from './action.ts';

export class Alike {
  readonly #powerFeedOf: (rack: string) => string;
  /** By role. */
  readonly #reasons = new Map<string, readonly Reason[]>();
  /** By rack, then by role. */
  readonly #domains = new Map<string, Map<string, FailureDomains>>();

  /** @param powerFeedOf power feed of a rack */
  constructor(powerFeedOf: (rack: string) => string) {
    this.#powerFeedOf = powerFeedOf;
  }

  /** The same reasons: those of the machine of the role before this one, where they are the same. */
  reasons(role: string, reasons: readonly Reason[]): readonly Reason[] {
    const last = this.#reasons.get(role);
    if (last && isSameReasons(last, reasons)) return last;
    this.#reasons.set(role, reasons);
    return reasons;
  }

  domains({ rack, role, links }: MachineObject): FailureDomains {
    const ofRack = this.#domains.get(rack) ?? new Map<string, FailureDomains>();
    this.#domains.set(rack, ofRack);
    const known = ofRack.get(role);
    if (known?.tors.length === links.length && links.every(({ tor }, index) => tor === known.tors[index])) return known;
    const tors = links.map(({ tor }) => tor);
    const domains = { rack, tors, powerFeed: this.#powerFeedOf(rack), role };
    ofRack.set(role, domains);
    return domains;
  }
}

function isSameReasons(some: readonly Reason[], others: readonly Reason[]): boolean {
  return some.length === others.length && some.every((reason, index) => isSameReason(reason, others[index]));
}

function isSameReason(one: Reason, other: Reason | undefined): boolean {
  if (other === undefined || one.field !== other.field || one.from !== other.from || one.to !== other.to) return false;
  const [place, others] = [one.place, other.place];
  if (place === others) return true;
  return place?.line === others?.line && place?.column === others?.column && place?.file === others?.file;
}
