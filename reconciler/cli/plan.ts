// berth plan: what a site repo would change, against etcd or between two Git refs.
import { isError } from '../../schema/diagnostic.ts';
import { previewJson } from '../plan/show/json.ts';
import { previewMarkdown } from '../plan/show/markdown.ts';
import { previewText } from '../plan/show/text.ts';
import { CliError } from './cli-error.ts';
import { InvalidSite, type Made } from './plan-wanted.ts';
import { checkFolder, printDiagnostics } from './site-folder.ts';
import { colours, Progress } from './terminal.ts';

export interface PlanOptions {
  readonly base?: string;
  readonly head?: string;
  readonly etcd?: string;
  readonly format?: string;
  /** Short for the format json. */
  readonly json?: boolean;
  /** Whether diffs are shown to their end. */
  readonly full?: boolean;
}

const formats: Readonly<Record<string, (made: Made, full: boolean) => string>> = {
  text: ({ preview, heading }, full) => previewText(preview, { heading, full, palette: colours(process.stdout) }),
  json: ({ preview }) => JSON.stringify(previewJson(preview), null, 2),
  markdown: ({ preview, heading }, full) => previewMarkdown(preview, { heading, full }),
};

const nothingToDo = 0;
const failed = 1;
const changes = 2;

export async function planCommand(folder: string, options: PlanOptions): Promise<number> {
  const { base, head, etcd, full = false } = options;
  const show = formatOf(formats, options);
  if (head !== undefined && base === undefined) throw new CliError('--head goes with --base');
  if (base !== undefined && etcd !== undefined) throw new CliError('--base compares without --etcd');
  checkFolder(folder);
  const made = await underProgress(show !== formats.json, 'planning', () =>
    base === undefined ? againstEtcd(folder, options) : betweenRefs(folder, base, head),
  );
  if (!made) return failed;
  printDiagnostics(made.transitions, '.');
  process.stdout.write(`${show(made, full)}\n`);
  const { refusals, actions } = made.preview.plan;
  if (refusals.length > 0 || made.transitions.some(isError)) return failed;
  return actions.length > 0 ? changes : nothingToDo;
}

/** @throws {CliError} when there is no such format */
export function formatOf<T>(
  all: Readonly<Record<string, T>>,
  { format, json = false }: { readonly format?: string; readonly json?: boolean },
): T {
  const name = format ?? (json ? 'json' : 'text');
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found === undefined) throw new CliError(`--format ${name}: there are ${Object.keys(all).join(', ')}`);
  if (json && name !== 'json') throw new CliError('--json is short for --format json');
  return found;
}

/**
 * Work that may take a while.
 * @param shown false where a program reads the output
 * @returns null after the findings were printed of files that make no site
 */
export async function underProgress<T>(shown: boolean, text: string, work: () => Promise<T>): Promise<T | null> {
  const progress = new Progress({ shown });
  progress.say(text);
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidSite)) throw error;
    progress.end();
    error.print();
    return null;
  } finally {
    progress.end();
  }
}

// Each is loaded when it is needed: the one brings Git with it, the other etcd's client.

async function betweenRefs(folder: string, base: string, head: string | undefined): Promise<Made> {
  return (await import('./plan-refs.ts')).planBetween(folder, base, head);
}

async function againstEtcd(folder: string, options: PlanOptions): Promise<Made> {
  return (await import('./plan-etcd.ts')).planAgainstEtcd(folder, options);
}
