import { suggest } from '../../suggest.ts';
import { pathPattern, patternFault } from '../../trust-paths.ts';
import type { Rule } from '../rule.ts';
import { foldersOf, placedPatterns } from './patterns.ts';

/** A misspelt path keeps a signer out, or leaves a threshold without effect. */
export const usedPatterns: Rule = {
  id: 'BERTH-803',
  severity: 'warning',
  title: 'paths in trust/signers.yaml are of files that are there',
  *check(site) {
    const files = [...site.files.keys()];
    const known = new Set(['**']);
    for (const file of files) {
      known.add(file);
      for (const folder of foldersOf(file)) known.add(folder);
    }
    for (const { pattern, path, who } of placedPatterns(site)) {
      // What begins with a dot belongs to tools: it is in the commit, but no part of the site.
      if (known.has(pattern) || pattern.startsWith('.') || patternFault(pattern) !== null) continue;
      const isWild = pattern.includes('*');
      if (isWild && files.some(pathPattern(pattern).covers)) continue;
      const nearest = isWild ? null : suggest(pattern, known);
      const meant = known.has(`${pattern}/`) ? `${pattern}/` : nearest;
      yield {
        place: site.signers.placeOf(...path),
        message: `${who} has the path ${pattern}, at which the site repo holds no file`,
        hint: meant === null ? 'correct it, or remove it until there is such a file' : `did you mean ${meant}?`,
      };
    }
  },
};
