import type { Rule } from '../rule.ts';
import { doubled } from '../unique.ts';
import { namesOf } from './names.ts';

/** Switches and boot servers are told apart by name in plans, in status and in configurations. */
export const uniqueNames: Rule = {
  id: 'BERTH-106',
  title: 'spines, ToRs and boot servers have names of their own',
  check: (site) => doubled(namesOf(site), 'the name', 'choose another name'),
};
