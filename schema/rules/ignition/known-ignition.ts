import { suggest } from '../../suggest.ts';
import type { Rule } from '../rule.ts';

/** A role's Ignition is merged from folders that are there. */
export const knownIgnition: Rule = {
  id: 'BERTH-501',
  title: 'the Ignition folders of a role exist',
  *check(site) {
    for (const [name, role] of site.roles) {
      for (const [index, folder] of role.value.ignition.entries()) {
        if (site.ignition.has(folder)) continue;
        const meant = suggest(folder, site.ignition.keys());
        yield {
          place: role.placeOf('ignition', index),
          message: `role ${name} takes its Ignition from ${folder}, but there is no ignition/${folder}/ignition.yaml`,
          hint: meant === null ? `folders are: ${[...site.ignition.keys()].join(', ')}` : `did you mean ${meant}?`,
        };
      }
    }
  },
};
