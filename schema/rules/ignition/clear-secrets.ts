import { maxFindingsPerFile } from '../../document.ts';
import type { SiteFile } from '../../load.ts';
import type { Finding, Rule } from '../rule.ts';
import { secretPatterns } from './secret-patterns.ts';

/**
 * Who can read the site repo can read every file in it, and who is on a rack's network any machine's Ignition. The
 * message never shows what was found.
 */
export const clearSecrets: Rule = {
  id: 'BERTH-508',
  title: 'no file of the site repo holds a secret in clear',
  *check(site) {
    for (const [path, file] of site.files) yield* secretsIn(path, file);
  },
};

function* secretsIn(path: string, { bytes }: SiteFile): Generator<Finding> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const possible = secretPatterns.filter(({ anchors }) => anchors.some((anchor) => buffer.includes(anchor)));
  if (possible.length === 0) return;
  const text = buffer.toString();
  const seen = new Set<number>();
  for (const { what, pattern, loose } of possible) {
    if (loose && path.endsWith('.md')) continue;
    for (const match of text.matchAll(pattern)) {
      const secret = match.groups?.secret;
      const offset = match.index + (secret === undefined ? 0 : match[0].indexOf(secret));
      if (seen.has(offset) || (loose && isComment(text, offset))) continue;
      if (seen.size === maxFindingsPerFile) return;
      seen.add(offset);
      const before = text.slice(0, offset).split('\n');
      yield {
        place: { file: path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
        message: `this looks like ${what}`,
        hint: 'seal it to the site in secrets/, and replace it: what was pushed once is known',
        isSecret: true,
      };
    }
  }
}

/** Whether the line begins with what begins a comment in most languages. */
function isComment(text: string, offset: number): boolean {
  return /^[ \t]*(#|;|\/\/)/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
}
