import { argumentName, isOwnArgument } from '../../kernel-arguments.ts';
import { everyLayer } from '../../settings.ts';
import type { Rule } from '../rule.ts';

/** A machine's own arguments come last and would win: it would boot what berth did not say, and report it as right. */
export const ownKernelArguments: Rule = {
  id: 'BERTH-409',
  title: 'kernel arguments that berth sets are set by nobody else',
  *check(site) {
    for (const { document, path, settings } of everyLayer(site)) {
      for (const [index, argument] of (settings.arguments ?? []).entries()) {
        if (!isOwnArgument(argument)) continue;
        yield {
          place: document.placeOf(...path, 'arguments', index),
          message: `${argumentName(argument)} is an argument that berth sets itself`,
          hint: 'remove it: every machine gets it with the value that is right for it',
        };
      }
    }
  },
};
