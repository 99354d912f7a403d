import type { Rule } from '../rule.ts';
import { trustOf } from './site-trust.ts';

/** Mostly a path or a membership was forgotten: they are refused at their first commit, after the review. */
export const idleSigners: Rule = {
  id: 'BERTH-810',
  severity: 'warning',
  title: 'signers may change something, or count for a threshold',
  *check(site) {
    const { signers, groups = [], thresholds = [] } = site.signers.value;
    const { persons } = trustOf(site).trust;
    // Those whose paths are no patterns were told so, and everyone is told once.
    const told = new Set(signers.flatMap(({ name, paths = [] }) => (paths.length > 0 ? name : [])));
    for (const [index, { name }] of signers.entries()) {
      const person = persons.get(name);
      if (!person?.canSign || person.groups.size > 0 || told.has(name)) continue;
      told.add(name);
      yield {
        place: site.signers.placeOf('signers', index, 'name'),
        message: `${name} may change nothing, and is in no group`,
        hint: 'give them paths, make them a member of a group, or remove them',
      };
    }
    for (const [index, { name, paths = [] }] of groups.entries()) {
      if (paths.length > 0 || thresholds.some(({ group }) => group === name)) continue;
      yield {
        place: site.signers.placeOf('groups', index, 'name'),
        message: `the group ${name} has no paths, and no threshold counts its members`,
        hint: 'give it paths, name it in a threshold, or remove it',
      };
    }
  },
};
