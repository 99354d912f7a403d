import type { Rule } from '../rule.ts';
import { valueAt } from './unchecked.ts';

/** What is in a list would escape every check here, and the order in which things are applied. */
export const noLists: Rule = {
  id: 'BERTH-620',
  title: 'a resource is one object, not a list of them',
  *check({ resources }) {
    for (const { document } of resources) {
      if (!document.value.kind.endsWith('List') || !Array.isArray(valueAt(document.value, 'items'))) continue;
      yield {
        place: document.placeOfKey('items'),
        message: `a ${document.value.kind} holds objects that are to stand by themselves`,
        hint: 'write each item as a document of its own, with --- between them',
      };
    }
  },
};
