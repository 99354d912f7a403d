// What a pull request is told about its signatures. Pure.
import { plain } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import { capitalised, counted, listed } from '../../../schema/words.ts';
import { fenced, markdownText } from '../../source/github/markdown.ts';
import type { SignatureNote, SignatureReport } from '../../source/github/pull-request-text.ts';
import { approvalRef } from '../../source/trust/approvals.ts';
import type { AcceptedCommit } from '../../source/trust/authenticate.ts';
import { refusals } from '../../source/trust/refusal.ts';
import { refusalText } from '../trust/refusal-text.ts';
import type { MergeButton } from './merge-button.ts';
import type { RefusedCommit, Signatures } from './signatures.ts';

/** What would make a comment too long; the file of the report has all. */
const maxShown = 10;

const waiting = 'waiting for approvals';

export function signatureReport(signatures: Signatures): SignatureReport {
  const [first, ...more] = sentences(signatures);
  const blocks = 'refused' in signatures ? blocksOf(signatures.refused) : [];
  const shown = blocks.length === 0 ? [] : [blocks.join('\n')];
  return {
    verdict: signatures.verdict,
    headline: headlineOf(signatures),
    text: [`Signatures: ${printable(first)}`, ...shown, ...more.map(printable)].join('\n'),
    markdown: [
      '#### Signatures',
      markdownText(capitalised(first)),
      ...shown.map((text) => fenced(text)),
      ...more.map(markdownText),
    ].join('\n\n'),
    notes: 'refused' in signatures ? signatures.refused.slice(0, maxShown).map(noteOf) : [],
  };
}

/** What stands before the blocks about single commits, and what stands behind them. */
function sentences(signatures: Signatures): readonly [string, ...string[]] {
  switch (signatures.verdict) {
    case 'not-judged':
      return [`not judged: ${signatures.why}.`];
    case 'accepted': {
      const { count, commits, mergeButton } = signatures;
      if (count === 0) return ['there is no new commit.'];
      return [
        `${signedText(count, commits)}: boot servers accept ${count === 1 ? 'it' : 'them'}.`,
        mergeText(mergeButton),
      ];
    }
    case 'waiting': {
      const { count, refused, mergeButton } = signatures;
      const first = `${waiting}: ${refused.length} of ${counted(count, 'new commit')}. When those are pushed, run this check again.`;
      return [first, mergeText(mergeButton)];
    }
    case 'refused': {
      const { count, refused } = signatures;
      // The history itself cannot be read.
      if (count === 0) return ['boot servers would refuse the branch.'];
      const others = refused.filter(({ couldApprove }) => couldApprove !== null);
      const unapproved = others.length === 0 ? '' : `, ${others.length} of them for want of approvals alone`;
      return [`boot servers would refuse ${refused.length} of ${counted(count, 'new commit')}${unapproved}.`];
    }
  }
}

/** `3 commits, signed by Ada and Bob, approved by Cyd` */
function signedText(count: number, commits: readonly AcceptedCommit[]): string {
  const signers = new Set(commits.map(({ signer }) => signer));
  const approvers = new Set(commits.flatMap((commit) => commit.approvers));
  const approved = approvers.size === 0 ? '' : `, approved by ${listed([...approvers])}`;
  return `${counted(count, 'new commit')}, signed by ${listed([...signers])}${approved}`;
}

function mergeText(button: MergeButton): string {
  if (button.works) {
    return `The merge button can be used, for ${button.key} may merge all of it: not to squash, nor to rebase.`;
  }
  return `Merge on your own machine and sign the merge, for what the merge button makes would be refused: ${button.why}.`;
}

/** Part of the verdict's line; empty where there is nothing to be done. */
function headlineOf(signatures: Signatures): string {
  switch (signatures.verdict) {
    case 'not-judged':
    case 'accepted':
      return '';
    case 'waiting':
      return waiting;
    case 'refused': {
      const codes = new Set(
        signatures.refused.flatMap(({ refusal, couldApprove }) => (couldApprove ? [] : refusal.code)),
      );
      const barred = signatures.refused.filter(({ couldApprove }) => couldApprove === null);
      return `${counted(barred.length, 'commit')} refused (${[...codes].join(', ')})`;
    }
  }
}

function blocksOf(refused: readonly RefusedCommit[]): readonly string[] {
  const blocks = refused.slice(0, maxShown).map(blockOf);
  const more = refused.length - blocks.length;
  return more > 0 ? [...blocks, `and ${more} more`] : blocks;
}

function blockOf({ refusal, couldApprove }: RefusedCommit): string {
  if (couldApprove === null) return refusalText(refusal, plain);
  const tag = approvalRef(refusal.commit, '<name>').replace(/^refs\/tags\//, '');
  return [
    `… ${waiting}`,
    `  ${printable(refusal.message)}`,
    `  who could approve: ${printable(couldApprove.join(', ')) || 'nobody'}`,
    `  git tag -s -m approved ${tag} ${refusal.commit}`,
    `  git push origin ${tag}`,
  ].join('\n');
}

function noteOf(refused: RefusedCommit): SignatureNote {
  const { refusal, couldApprove } = refused;
  const [, ...lines] = blockOf(refused).split('\n');
  const text = lines.map((line) => line.trim()).join('\n');
  return couldApprove === null
    ? { level: 'error', title: `${refusal.code}: ${refusals[refusal.code]}`, text }
    : { level: 'notice', title: waiting, text };
}
