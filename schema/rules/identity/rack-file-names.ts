import type { SiteDocumentFile } from '../../document.ts';
import type { RackDocument } from '../../types/rack.ts';
import type { Rule } from '../rule.ts';

/**
 * Machines are called after the file, addressed after the number: where the two say different things, somebody pulls
 * the wrong cable. In a site whose names follow another scheme, most of them differ, and nothing is said.
 */
export const rackFileNames: Rule = {
  id: 'BERTH-111',
  title: 'the number that ends the name of a rack is its rack number',
  severity: 'warning',
  *check(site) {
    const numbered = [...site.racks].flatMap(([name, rack]) => {
      const digits = /\d+$/.exec(name)?.[0];
      return digits === undefined ? [] : [{ name, rack, number: Number(digits) }];
    });
    const different = numbered.filter(({ rack, number }) => rack.value.rack !== number);
    if (different.length > numbered.length / 2) return;
    for (const { name, rack } of different) yield finding(name, rack);
  },
};

function finding(name: string, rack: SiteDocumentFile<RackDocument>) {
  return {
    place: rack.placeOf('rack'),
    message: `racks/${name}.yaml is rack ${rack.value.rack}; most racks are numbered as they are named`,
    hint: 'rename the file or correct the number, before machines stand in it',
  };
}
