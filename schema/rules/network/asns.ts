// The AS numbers of a site, and how a rule says which of them it does not like.
import type { Place } from '../../diagnostic.ts';
import type { Site } from '../../load.ts';
import type { Finding } from '../rule.ts';

export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

interface UsedAsn {
  readonly number: number;
  /** As messages call who has it. */
  readonly holder: string;
}

/** What is written in site.yaml, with the numbers that follow from it. */
interface AsnSource {
  readonly used: readonly UsedAsn[];
  readonly place: () => Place;
}

/**
 * One finding for each number written in site.yaml that makes numbers which are not allowed; the racks, of which there
 * are many, follow from one.
 * @param complaint what is wrong with a number, as the end of a sentence; null where it is allowed
 */
export function* wrongAsns(site: Site, hint: string, complaint: (number: number) => string | null): Generator<Finding> {
  for (const { used, place } of asnsOf(site)) {
    const wrong = used.filter(({ number }) => complaint(number) !== null);
    const [first] = wrong;
    if (!first) continue;
    const more = wrong.length === 1 ? '' : ` (and ${wrong.length - 1} more)`;
    yield {
      place: place(),
      message: `${first.holder} would be AS ${first.number}, ${complaint(first.number)}${more}`,
      hint,
    };
  }
}

function asnsOf({ site, racks }: Site): readonly AsnSource[] {
  const { asn } = site.value.network;
  const numbers = [...racks.values()].map(({ value }) => value.rack).sort((a, b) => a - b);
  return [
    {
      used: numbers.map((rack) => ({ number: asn.rackBase + rack, holder: `rack ${rack}` })),
      place: () => site.placeOf('network', 'asn', 'rackBase'),
    },
    { used: [{ number: asn.spine, holder: 'each spine' }], place: () => site.placeOf('network', 'asn', 'spine') },
    { used: [{ number: asn.core, holder: 'the core' }], place: () => site.placeOf('network', 'asn', 'core') },
  ];
}

/** The first of the ranges that holds the number. */
export function rangeOf<T extends NumberRange>(ranges: readonly T[], number: number): T | undefined {
  return ranges.find(({ first, last }) => number >= first && number <= last);
}
