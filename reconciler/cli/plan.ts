// berth plan: what a site repo would change, against etcd or between two Git refs.
import { readBlueprint } from '../../renderers/blueprint.ts';
import { Bell } from '../../schema/bell.ts';
import { getObjects } from '../../schema/state/objects.ts';
import { Observer } from '../plan/observe.ts';
import { assumeSettled } from '../plan/observed.ts';
import { originsOf } from '../plan/origin.ts';
import { type Plan, plan } from '../plan/plan.ts';
import { planText } from '../plan/show.ts';
import type { CompiledSite } from '../source/accept.ts';
import { openLocal } from '../source/local.ts';
import { readTree } from '../source/tree.ts';
import { CliError } from './cli-error.ts';
import { connect } from './connection.ts';
import { compileOrPrint, readSiteFolder } from './site-folder.ts';

export interface PlanOptions {
  readonly base?: string;
  readonly head?: string;
  readonly etcd?: string;
  readonly json?: boolean;
}

/** Stands for a commit where the files on disk are planned. */
const workingTree = '0'.repeat(40);
const nothingToDo = 0;
const failed = 1;
const changes = 2;

export async function planCommand(folder: string, options: PlanOptions): Promise<number> {
  if (options.head !== undefined && options.base === undefined) throw new CliError('--head goes with --base');
  const made =
    options.base === undefined
      ? await planAgainstEtcd(folder, options)
      : await planBetween(folder, options.base, options.head);
  if (!made) return failed;
  process.stdout.write(options.json ? `${JSON.stringify(made, null, 2)}\n` : `${planText(made)}\n`);
  if (made.refusals.length > 0) return failed;
  return made.actions.length > 0 ? changes : nothingToDo;
}

/** No etcd: the base is taken to be in force, every machine running what it says. */
async function planBetween(folder: string, base: string, head: string | undefined): Promise<Plan | null> {
  const repository = await openLocal(folder);
  const at = async (ref: string): Promise<{ commit: string; compiled: CompiledSite | null }> => {
    const commit = await repository.resolve(ref);
    return { commit, compiled: compileOrPrint(await readTree(repository.objects, commit, repository.folder), ref) };
  };
  const before = await at(base);
  const after =
    head === undefined
      ? { commit: workingTree, compiled: compileOrPrint(await readSiteFolder(folder), folder) }
      : await at(head);
  if (!before.compiled || !after.compiled) return null;
  const generation = 1;
  return plan({
    base: { generation, blueprint: before.compiled.blueprint },
    target: { blueprint: after.compiled.blueprint, commit: after.commit },
    observed: assumeSettled(before.compiled.blueprint, generation),
    history: [],
    origin: originsOf(after.compiled.site),
    now: 0,
  });
}

async function planAgainstEtcd(folder: string, options: PlanOptions): Promise<Plan | null> {
  const compiled = compileOrPrint(await readSiteFolder(folder), folder);
  if (!compiled) return null;
  const { site } = compiled.blueprint.site;
  const { kv } = connect({ ...options, site });
  const stop = new AbortController();
  try {
    // A list tells at once when etcd is away, where a watch would wait for it.
    await kv.list('target');
    const observer = new Observer(kv, new Bell(), () => {});
    const watching = observer.run(stop.signal);
    await observer.whenReady(stop.signal);
    const { target = null } = observer.target ?? {};
    const read = (root: string) => readBlueprint(root, (digests) => getObjects(kv, digests));
    const made = plan({
      base: target && { generation: target.generation, blueprint: await read(target.root) },
      target: { blueprint: compiled.blueprint, commit: workingTree },
      observed: observer.observed(),
      history: target?.parent ? [await read(target.parent)] : [],
      origin: originsOf(compiled.site),
      now: Date.now(),
    });
    stop.abort();
    await watching;
    return made;
  } finally {
    stop.abort();
    await kv.close();
  }
}
