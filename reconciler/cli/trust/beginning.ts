// Where a judgement on an engineer's disk begins: at a commit that is taken for good, or at an introduction.
import type { Oid } from '../../source/commit.ts';
import type { LocalRepository } from '../../source/local.ts';
import type { Introduction } from '../../source/trust/authenticate.ts';
import { CliError } from '../cli-error.ts';
import { parseIntroduction } from '../introduction-text.ts';
import { firstCommit, repositorySetting } from './local-history.ts';

export interface BeginningOptions {
  /** A branch, tag or commit that is taken for good. */
  readonly from?: string;
  readonly introduction?: string;
}

export interface Beginning {
  /** Null: the introduction. */
  readonly from: Oid | null;
  readonly introduction: Introduction;
}

/** The setting by which a clone remembers its introduction. */
export const introductionSetting = 'berth.introduction';

/** @throws {CliError} when nothing says where trust begins; {@link RepositoryError} */
export async function beginningOf(
  repository: LocalRepository,
  dir: string,
  options: BeginningOptions,
): Promise<Beginning> {
  const { from } = options;
  const introduction = await introductionOf(dir, options);
  if (from !== undefined) {
    const oid = await repository.resolve(from);
    return { from: oid, introduction: introduction ?? (await firstOf(repository, oid)) };
  }
  if (introduction) return { from: null, introduction };
  throw new CliError(
    `where does trust begin? Give --from or --introduction, or set git config ${introductionSetting}; berth trust introduce prints it`,
  );
}

/** As {@link beginningOf}; where nothing says where trust begins, the first commit is taken for good. */
export async function beginningOrFirst(
  repository: LocalRepository,
  dir: string,
  options: Pick<BeginningOptions, 'introduction'>,
  head: Oid,
): Promise<Beginning> {
  return { from: null, introduction: (await introductionOf(dir, options)) ?? (await firstOf(repository, head)) };
}

/** The introduction that is given, or else that of the clone; null where there is neither. @throws {CliError} */
export async function introductionOf(
  dir: string,
  { introduction }: Pick<BeginningOptions, 'introduction'>,
): Promise<Introduction | null> {
  if (introduction !== undefined) return parseIntroduction(introduction);
  const set = await repositorySetting(dir, introductionSetting);
  return set === null ? null : parseIntroduction(set, `git config ${introductionSetting}`);
}

async function firstOf({ objects }: LocalRepository, head: Oid): Promise<Introduction> {
  return { commit: await firstCommit(objects, head), keyFingerprint: null };
}
