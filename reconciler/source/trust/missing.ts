// What a commit lacks to be accepted, as it is told to who made it.
import type { Oid } from '../commit.ts';
import type { ApprovalVerdict } from './approvals.ts';
import type { ParentVerdict } from './judge.ts';
import { describePath, type PathVerdict } from './permission.ts';
import { refuse, short } from './refusal.ts';

/** Anyone can push any number of tags. */
const mostTagsShown = 5;

/** @throws {Refused} unless all that the commit changes against a parent is allowed */
export function refuseMissing(oid: Oid, { parent, signer, approvals, paths }: ParentVerdict): void {
  const missing = paths.filter(({ fault }) => fault !== null);
  const [first] = missing;
  if (!first?.fault) return;
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
  const message = `commit ${short(oid)} by ${signer} differs from ${short(parent)} in ${describePath(first, signer)}${more}${ignoredTags(approvals)}`;
  refuse(oid, first.fault, message, hints[first.fault](oid, first));
}

function ignoredTags(approvals: readonly ApprovalVerdict[]): string {
  const ignored = approvals.flatMap(({ ref, fault }) =>
    fault === null ? [] : `; ${ref} does not count: ${fault.message}`,
  );
  const more = ignored.length > mostTagsShown ? `; nor do ${ignored.length - mostTagsShown} more tags` : '';
  return `${ignored.slice(0, mostTagsShown).join('')}${more}`;
}

const hints: Readonly<Record<NonNullable<PathVerdict['fault']>, (oid: Oid, verdict: PathVerdict) => string>> = {
  'path-not-allowed': (oid, { among }) =>
    `let somebody stand for it who may change it (${among.join(', ') || 'nobody may'}): git tag -s -m approved approve/${oid}/<name> ${oid}`,
  'threshold-missed': (oid) =>
    `whoever approves: git tag -s -m approved approve/${oid}/<name> ${oid}, and push the tag`,
};
