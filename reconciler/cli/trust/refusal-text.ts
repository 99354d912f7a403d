// A refusal as people are shown it: what, which commit, why, what to do, and where there is more about it.

import type { Palette } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import type { Verdict } from '../../source/accept.ts';
import { type Refusal, type RefusalCode, refusals, short } from '../../source/trust/refusal.ts';

/** What is shown of a refusal. */
export type ShownRefusal = Pick<Refusal, 'commit' | 'code' | 'message' | 'hint'>;

/** What is shown of a head that is refused: where its parts are known, the hint apart from the message. */
export function shownRefusal({ refused, refusal }: Verdict & { readonly ok: false }): ShownRefusal {
  const { commit, code, message, hint } = refusal ?? { ...refused, hint: '' };
  return { commit, code, message, hint };
}

export function refusalText({ commit, code, message, hint }: ShownRefusal, { red, dim }: Palette): string {
  return [
    `${red(`✗ ${code}`)}: ${refusals[code]}`,
    `  ${message.includes(short(commit)) ? '' : `commit ${short(commit)}: `}${printable(message)}`,
    ...(hint === '' ? [] : [`  what to do: ${printable(hint)}`]),
    dim(`  more about it: ${refusalPage(code)} in berth's documentation`),
  ].join('\n');
}

/** From the top of a checkout of berth. */
export function refusalPage(code: RefusalCode): string {
  return `docs/refusals/${code}.md`;
}
