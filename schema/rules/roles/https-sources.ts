import { pinnedFiles } from '../../pins.ts';
import type { Rule } from '../rule.ts';

/**
 * The digest keeps a file from being changed on its way; but whoever sits there can keep it away, and sees what is
 * fetched. Nobody sits between a boot server and itself.
 */
export const httpsSources: Rule = {
  id: 'BERTH-408',
  title: 'sources are fetched over HTTPS',
  severity: 'warning',
  *check({ releases }) {
    for (const { what, path, source } of pinnedFiles(releases.value)) {
      if (!source.startsWith('http:') || isLoopback(source)) continue;
      const message = `${what} is fetched over HTTP, which anyone on the way can read and hold back`;
      yield { place: releases.placeOf(...path, 'source'), message, hint: 'use https://' };
    }
  },
};

function isLoopback(source: string): boolean {
  return /^http:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d+)?\//.test(source);
}
