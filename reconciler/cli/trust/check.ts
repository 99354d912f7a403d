// berth trust check: judges a commit of a local repository as a boot server would.

import { counted } from '../../../schema/words.ts';
import { acceptHead } from '../../source/accept.ts';
import { siteIdAt } from '../../source/site-id.ts';
import { short } from '../../source/trust/refusal.ts';
import { trustSetDigest } from '../../source/trust/trust-set-digest.ts';
import { CliError } from '../cli-error.ts';
import { colours } from '../terminal.ts';
import { type BeginningOptions, beginningOf } from './beginning.ts';
import { withCountedObjects } from './counted-objects.ts';
import { openHistory } from './local-history.ts';
import { refusalPage, refusalText, shownRefusal } from './refusal-text.ts';

export interface TrustCheckOptions extends BeginningOptions {
  readonly site?: string;
  readonly json?: boolean;
}

const accepted = 0;
const refusedExit = 1;

export async function trustCheck(ref: string, dir: string, options: TrustCheckOptions): Promise<number> {
  const { json = false } = options;
  const repository = await openHistory(dir);
  const head = await repository.resolve(ref);
  const { from, introduction } = await beginningOf(repository, dir, options);
  const siteId = options.site ?? (await siteIdAt(repository.objects, from ?? introduction.commit));
  if (siteId === null) throw new CliError('the commit that trust begins with is of no site: it has no site.yaml');
  const verdict = await withCountedObjects(repository.objects, `judging ${ref}`, !json, async (objects) => {
    const sources = { objects, head, introduction, revocations: [] };
    // What is taken for good is not judged by what came after it.
    const judgedBy = from === null ? null : await trustSetDigest(sources);
    const nowSeconds = Math.floor(Date.now() / 1000);
    return acceptHead({ ...sources, approvals: repository, accepted: [from], judgedBy, siteId, nowSeconds });
  });
  const palette = colours(process.stdout);
  if (verdict.ok) {
    const { commits } = verdict.head;
    const since = short(from ?? introduction.commit);
    const text = `${palette.green('✓ accepted')}: ${short(head)} of the site ${siteId}, ${counted(commits.length, 'commit')} judged from ${since} on`;
    print(json, { accepted: true, head, site: siteId, commits }, text);
    return accepted;
  }
  const shown = shownRefusal(verdict);
  print(json, { accepted: false, head, ...shown, page: refusalPage(shown.code) }, refusalText(shown, palette));
  return refusedExit;
}

function print(json: boolean, value: object, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}
