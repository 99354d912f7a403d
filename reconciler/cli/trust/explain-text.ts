// What berth trust explain says, in words.
import type { Palette } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import { counted } from '../../../schema/words.ts';
import { short } from '../../source/trust/refusal.ts';
import { instant } from '../../source/trust/trust-set.ts';
import type { ShownDemand } from './demands.ts';
import type { Explained, PlaceInHistory, SeenVerdict, SignerSeen } from './explain.ts';
import { refusalText } from './refusal-text.ts';

export function explainedText(explained: Explained, palette: Palette): readonly string[] {
  const { commit, subject, committedAt, place, signers, parents, refusal, approve } = explained;
  const { bold, green, dim } = palette;
  const lines = [`${bold(`Commit ${short(commit)}`)}, ${committedAt}: ${printable(subject)}`];
  for (const seen of signers) {
    const isItself = seen.parent === commit;
    if (isItself) lines.push('As it sees itself:', `  ${signerText(seen)}`);
    else lines.push(`As its parent ${short(seen.parent)} sees it:`, `  ${signerText(seen)}`);
    const verdict = parents.find(({ parent }) => parent === seen.parent);
    if (verdict) lines.push(...verdictLines(verdict, seen, palette));
    else if (!isItself) lines.push(dim('  no further: it is refused before that'));
  }
  lines.push(refusal === null ? outcomes[place](green) : refusalText(refusal, palette));
  if (refusal !== null && place === 'older') lines.push(outcomes[place](green));
  if (approve.length > 0) lines.push('Whoever approves of it:', ...approve.map((command) => `  ${command}`));
  return lines;
}

/** What becomes of a commit that is not refused. */
const outcomes: Readonly<Record<PlaceInHistory, (green: (text: string) => string) => string>> = {
  judged: (green) => green('✓ accepted, if its parents are'),
  introduced: (green) => green('✓ trust begins with it: the introduction names it, and the key that signed it'),
  older: () => 'It is older than the introduction: boot servers do not judge it.',
  first: () =>
    'It has no parent: only an introduction can vouch for it, and none is given here (git config berth.introduction).',
};

function signerText({ fingerprint, key, mergeKey, fault }: SignerSeen): string {
  if (fault !== null) return `no signature that counts: ${printable(fault)}`;
  if (mergeKey !== null) return `signed with ${fingerprint}, the merge key ${printable(mergeKey)} of the Git host`;
  if (key === null) return `signed with ${fingerprint}, which is no key of a person there`;
  const { name, validAfterSeconds: after, validBeforeSeconds: before, revoked } = key;
  const valid = [
    after === null ? '' : ` from ${instant(after)} on`,
    before === null ? '' : ` until ${instant(before)}`,
  ].join('');
  const validity = revoked ? `revoked: ${printable(revoked.reason)}` : `valid${valid === '' ? ' at any time' : valid}`;
  return `signed by ${printable(name)} with ${fingerprint}, ${validity}`;
}

function verdictLines(verdict: SeenVerdict, { mergeKey }: SignerSeen, palette: Palette): readonly string[] {
  const { stands, approvals, paths, inFull } = verdict;
  const { green, red, yellow } = palette;
  if (!inFull) return ['  what it changes here are commits of the other side, each of which is judged by itself'];
  const merged = mergeKey === null ? '' : `, having signed the branch that ${printable(mergeKey)} merged`;
  const lines = [`  ${printable(stands)} stands for it${merged}`];
  for (const { ref, name, fault } of approvals) {
    const tag = printable(ref.replace(/^refs\/tags\//, ''));
    if (fault === null) lines.push(`  ${green('approved')} by ${printable(name)}: ${tag}`);
    else lines.push(`  ${yellow('does not count')}: ${tag}: ${printable(fault.message)} (${fault.code})`);
  }
  if (paths.length === 0) lines.push('  it changes nothing');
  for (const { path, fault, demands } of paths) {
    lines.push(`  ${fault === null ? green('✓') : red('✗')} ${printable(path)}: ${demands.map(demandText).join('; ')}`);
  }
  return lines;
}

function demandText({ needed, group, among, by }: ShownDemand): string {
  const whom = group === null ? 'who may change it' : `of ${printable(group)}`;
  const all = printable(among.join(', ')) || 'nobody';
  const have = printable(by.join(', ')) || 'nobody';
  return `takes ${counted(needed, 'signer')} ${whom} (${all}), has ${have}`;
}
