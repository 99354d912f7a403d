// berth trust log: the history of a site repo, newest first, and what the judgement says of each commit.
import type { Palette } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import { type Oid, parseCommit, subjectOf } from '../../source/commit.ts';
import type { GitObjects } from '../../source/objects.ts';
import type { AcceptedCommit, Introduction } from '../../source/trust/authenticate.ts';
import { newHistory } from '../../source/trust/history.ts';
import { Judge } from '../../source/trust/judge.ts';
import { type RefusalCode, Refused, short } from '../../source/trust/refusal.ts';
import { CliError } from '../cli-error.ts';
import { colours } from '../terminal.ts';
import { beginningOrFirst } from './beginning.ts';
import { withCountedObjects } from './counted-objects.ts';
import { openHistory } from './local-history.ts';

export interface TrustLogOptions {
  readonly ref: string;
  readonly introduction?: string;
  /** How many; 0 for all. */
  readonly number: string;
  readonly json?: boolean;
}

type Entry =
  | ({ readonly accepted: true } & AcceptedCommit)
  | {
      readonly accepted: false;
      readonly oid: Oid;
      readonly code: RefusalCode;
      readonly message: string;
      readonly subject: string;
    };

export async function trustLog(dir: string, options: TrustLogOptions): Promise<number> {
  const { ref, json = false } = options;
  if (!/^\d{1,9}$/.test(options.number)) throw new CliError(`--number ${options.number} is no number`);
  const repository = await openHistory(dir);
  const head = await repository.resolve(ref);
  const { introduction } = await beginningOrFirst(repository, dir, options, head);
  const all = await withCountedObjects(repository.objects, 'judging', !json, async (objects) => {
    const history = await newHistory(objects, introduction.commit, head, introduction.commit);
    if (!history)
      throw new CliError(`${ref} does not contain the commit that trust begins with, ${introduction.commit}`);
    const judge = new Judge({ reader: objects, approvals: repository, nowSeconds: Math.floor(Date.now() / 1000) });
    await judge.heed(introduction.commit, head);
    const newest = [introduction.commit, ...history.commits].reverse();
    const entries: Entry[] = [];
    for (const oid of newest.slice(0, Number(options.number) || undefined)) {
      entries.push(
        oid === introduction.commit
          ? await introduced(judge, objects, introduction)
          : await entryOf(judge, objects, oid, history.unvouched),
      );
    }
    return { entries, older: newest.length - entries.length };
  });
  if (json) process.stdout.write(`${JSON.stringify(all.entries, null, 2)}\n`);
  else {
    const palette = colours(process.stdout);
    for (const entry of all.entries) process.stdout.write(`${lineOf(entry, palette)}\n`);
    if (all.older > 0) process.stdout.write(palette.dim(`${all.older} older; --number 0 shows all\n`));
  }
  return 0;
}

async function introduced(judge: Judge, objects: GitObjects, introduction: Introduction): Promise<Entry> {
  try {
    const commit = await judge.introduced(introduction);
    const signer = introduction.keyFingerprint === null ? 'taken for good: nothing says where trust begins' : null;
    return { accepted: true, ...commit, ...(signer === null ? {} : { signer }) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refusedEntry(objects, introduction.commit, error);
  }
}

async function entryOf(judge: Judge, objects: GitObjects, oid: Oid, unvouched: ReadonlySet<Oid>): Promise<Entry> {
  const { refusal, accepted } = await judge.examine(oid, unvouched);
  return refusal === null ? { accepted: true, ...accepted } : refusedEntry(objects, oid, new Refused(refusal));
}

async function refusedEntry(objects: GitObjects, oid: Oid, { refusal }: Refused): Promise<Entry> {
  const { code, message } = refusal;
  return { accepted: false, oid, code, message, subject: await subjectAt(objects, oid) };
}

/** Empty where the commit cannot even be read. */
async function subjectAt(objects: GitObjects, oid: Oid): Promise<string> {
  try {
    return subjectOf(parseCommit(await objects.commit(oid)));
  } catch {
    return '';
  }
}

function lineOf(entry: Entry, { green, red, dim, yellow }: Palette): string {
  const subject = printable(entry.subject);
  if (!entry.accepted) return `${red('✗')} ${yellow(short(entry.oid))} ${red(entry.code)}  ${subject}`;
  const { signer, approvers, fingerprint } = entry;
  const who = approvers.length === 0 ? signer : `${signer}, approved by ${approvers.join(', ')}`;
  const key = fingerprint === '' ? '' : ` ${dim(fingerprint)}`;
  return `${green('✓')} ${yellow(short(entry.oid))} ${printable(who)}${key}  ${subject}`;
}
