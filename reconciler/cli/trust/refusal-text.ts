// A refusal as people are shown it: what, which commit, why, and where there is more about it.

import type { Palette } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import type { RefusedHead } from '../../source/accept.ts';
import { type RefusalCode, refusals, short } from '../../source/trust/refusal.ts';

export function refusalText({ commit, code, message }: RefusedHead, { red, dim }: Palette): string {
  return [
    `${red(`✗ ${code}`)}: ${refusals[code]}`,
    `  ${message.includes(short(commit)) ? '' : `commit ${short(commit)}: `}${printable(message)}`,
    dim(`  more about it: ${refusalPage(code)}`),
  ].join('\n');
}

export function refusalPage(code: RefusalCode): string {
  return `docs/refusals/${code}.md`;
}
