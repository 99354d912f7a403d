// berth plan: what a site repo would change, against etcd or between two Git refs.
import { planText } from '../plan/show.ts';
import { CliError } from './cli-error.ts';
import type { Made } from './plan-wanted.ts';
import { checkFolder } from './site-folder.ts';

export interface PlanOptions {
  readonly base?: string;
  readonly head?: string;
  readonly etcd?: string;
  readonly json?: boolean;
}

const nothingToDo = 0;
const failed = 1;
const changes = 2;

export async function planCommand(folder: string, options: PlanOptions): Promise<number> {
  const { base, head, etcd, json = false } = options;
  if (head !== undefined && base === undefined) throw new CliError('--head goes with --base');
  if (base !== undefined && etcd !== undefined) throw new CliError('--base compares without --etcd');
  checkFolder(folder);
  const made = base === undefined ? await againstEtcd(folder, options) : await betweenRefs(folder, base, head);
  if (!made) return failed;
  const { plan, heading } = made;
  process.stdout.write(`${json ? JSON.stringify(plan, null, 2) : planText(plan, heading)}\n`);
  if (plan.refusals.length > 0) return failed;
  return plan.actions.length > 0 ? changes : nothingToDo;
}

// Each is loaded when it is needed: the one brings Git with it, the other etcd's client.

async function betweenRefs(folder: string, base: string, head: string | undefined): Promise<Made | null> {
  return (await import('./plan-refs.ts')).planBetween(folder, base, head);
}

async function againstEtcd(folder: string, options: PlanOptions): Promise<Made | null> {
  return (await import('./plan-etcd.ts')).planAgainstEtcd(folder, options);
}
