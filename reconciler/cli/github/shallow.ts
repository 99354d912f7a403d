// A checkout without its history: the usual one of a workflow, in which neither a plan nor signatures have a beginning.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { gitFolders } from '../../source/refs.ts';
import { CliError } from '../cli-error.ts';
import type { HeadFindings } from './findings.ts';

/** What errors and refusals are called that come of a missing commit. */
const missing: ReadonlySet<unknown> = new Set(['missing-object', 'no-branch', 'history-incomplete']);

/**
 * Judge a head; in a shallow checkout that lacks what it takes, say so and nothing of what comes of it.
 * @param top of the work tree
 * @throws {CliError}
 */
export async function withAllHistory(top: string, judge: () => Promise<HeadFindings>): Promise<HeadFindings> {
  try {
    const judged = await judge();
    if (lacksCommits(judged) && (await isShallow(top))) throw new CliError(advice);
    return judged;
  } catch (error) {
    if (isAboutMissing(error) && (await isShallow(top))) throw new CliError(advice, { cause: error });
    throw error;
  }
}

const advice =
  'the checkout is shallow: it lacks commits of the pull request or of its base. Check it out with fetch-depth: 0 (actions/checkout), or run git fetch --unshallow --tags';

function lacksCommits({ signatures }: HeadFindings): boolean {
  return 'refused' in signatures && signatures.refused.some(({ refusal }) => missing.has(refusal.code));
}

function isAboutMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && missing.has(error.code);
}

async function isShallow(top: string): Promise<boolean> {
  const { common } = await gitFolders(path.join(top, '.git'));
  return stat(path.join(common, 'shallow')).then(
    () => true,
    () => false,
  );
}
