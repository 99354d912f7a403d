// berth trust explain: what the judgement sees in one commit: who signed it, who may change what it changes, who stands
// for it, and what is missing.
import type { Palette } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import { type Oid, parseCommit, subjectOf } from '../../source/commit.ts';
import type { LocalRepository } from '../../source/local.ts';
import { type Examination, Judge, type ParentVerdict } from '../../source/trust/judge.ts';
import type { PathVerdict } from '../../source/trust/permission.ts';
import { Refused, short } from '../../source/trust/refusal.ts';
import { SignedBy } from '../../source/trust/signed-by.ts';
import { TrustReader } from '../../source/trust/trust-reader.ts';
import { instant, type TrustedKey } from '../../source/trust/trust-set.ts';
import { colours } from '../terminal.ts';
import { openHistory } from './local-history.ts';
import { refusalPage, refusalText } from './refusal-text.ts';

export interface TrustExplainOptions {
  readonly json?: boolean;
}

/** How one parent sees who signed. */
interface SignerSeen {
  readonly parent: Oid;
  readonly fingerprint: string | null;
  /** Null where the parent does not know the key. */
  readonly key: TrustedKey | null;
  /** Why there is no good signature, if there is none. */
  readonly fault: string | null;
}

interface Explained {
  readonly commit: Oid;
  readonly subject: string;
  readonly committedAt: string;
  readonly signers: readonly SignerSeen[];
  readonly examination: Examination;
  readonly approve: readonly string[];
}

export async function trustExplain(ref: string, dir: string, { json }: TrustExplainOptions): Promise<number> {
  const repository = await openHistory(dir);
  const explained = await explain(repository, await repository.resolve(ref));
  const { examination, ...rest } = explained;
  if (json) {
    const { parents, refusal } = examination;
    const page = refusal === null ? null : refusalPage(refusal.code);
    process.stdout.write(`${JSON.stringify({ ...rest, parents, refusal, page }, null, 2)}\n`);
  } else process.stdout.write(`${explainedText(explained, colours(process.stdout)).join('\n')}\n`);
  return examination.refusal === null ? 0 : 1;
}

async function explain(repository: LocalRepository, commit: Oid): Promise<Explained> {
  const { objects } = repository;
  const judge = new Judge({ reader: objects, approvals: repository, nowSeconds: Math.floor(Date.now() / 1000) });
  // What is disbelieved by now counts, too.
  await judge.heed(await repository.resolve('HEAD'));
  const examination = await judge.examine(commit, new Set());
  const parsed = parseCommit(await objects.commit(commit));
  const signers = await Promise.all(parsed.parents.map((parent) => signerSeen(repository, parent, commit)));
  const missing = examination.parents.some(({ paths }) => paths.some(({ fault }) => fault !== null));
  return {
    commit,
    subject: subjectOf(parsed),
    committedAt: instant(parsed.committer.seconds),
    signers,
    examination,
    approve: missing ? approveCommands(commit) : [],
  };
}

async function signerSeen({ objects }: LocalRepository, parent: Oid, oid: Oid): Promise<SignerSeen> {
  try {
    const trust = await new TrustReader(objects).at(parent, parseCommit(await objects.commit(parent)), oid);
    const fingerprint = await new SignedBy().commit(oid, parseCommit(await objects.commit(oid)), trust);
    return { parent, fingerprint, key: trust.keys.get(fingerprint) ?? null, fault: null };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { parent, fingerprint: null, key: null, fault: error.message };
  }
}

function approveCommands(commit: Oid): readonly string[] {
  const tag = `approve/${commit}/<your name>`;
  return [`git tag -s -m approved ${tag} ${commit}`, `git push origin ${tag}`];
}

function explainedText({ commit, subject, committedAt, signers, examination, approve }: Explained, palette: Palette) {
  const { bold, green, dim } = palette;
  const { parents, refusal } = examination;
  const lines = [`${bold(`Commit ${short(commit)}`)}, ${committedAt}: ${printable(subject)}`];
  if (signers.length === 0) lines.push('  It has no parent: only an introduction can vouch for it.');
  for (const seen of signers) {
    lines.push(`As its parent ${short(seen.parent)} sees it:`, `  ${signerText(seen)}`);
    const verdict = parents.find(({ parent }) => parent === seen.parent);
    if (verdict) lines.push(...verdictLines(verdict, palette));
    else lines.push(dim('  no further: it is refused before that'));
  }
  lines.push(refusal === null ? green('✓ accepted, if its parents are') : refusalText(refusal, palette));
  if (refusal !== null && refusal.hint !== '') lines.push(`  what to do: ${printable(refusal.hint)}`);
  if (approve.length > 0) lines.push('Whoever approves of it:', ...approve.map((command) => `  ${command}`));
  return lines;
}

function signerText({ fingerprint, key, fault }: SignerSeen): string {
  if (fault !== null) return `no signature that counts: ${printable(fault)}`;
  if (key === null) return `signed with ${fingerprint}, which is no key of a person there`;
  const { name, validAfterSeconds: after, validBeforeSeconds: before, revoked } = key;
  const valid = [
    after === null ? '' : ` from ${instant(after)} on`,
    before === null ? '' : ` until ${instant(before)}`,
  ].join('');
  const validity = revoked ? `revoked: ${printable(revoked.reason)}` : `valid${valid === '' ? ' at any time' : valid}`;
  return `signed by ${printable(name)} with ${fingerprint}, ${validity}`;
}

function verdictLines({ signer, approvals, paths }: ParentVerdict, { green, red, yellow }: Palette): readonly string[] {
  const lines = [`  ${printable(signer)} stands for it`];
  for (const { ref, name, fault } of approvals) {
    const short = printable(ref.replace(/^refs\/tags\//, ''));
    if (fault === null) lines.push(`  ${green('approved')} by ${printable(name)}: ${short}`);
    else lines.push(`  ${yellow('does not count')}: ${short}: ${printable(fault.message)} (${fault.code})`);
  }
  if (paths.length === 0) lines.push('  it changes nothing');
  for (const path of paths) lines.push(`  ${path.fault === null ? green('✓') : red('✗')} ${pathText(path)}`);
  return lines;
}

function pathText({ path, by, needed, group, among }: PathVerdict): string {
  const whom = group === null ? 'who may change it' : `of ${group}`;
  const all = printable(among.join(', ')) || 'nobody';
  return `${printable(path)}: takes ${needed} ${printable(whom)} (${all}), has ${printable(by.join(', ')) || 'nobody'}`;
}
