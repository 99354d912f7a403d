// berth plan: what a site repo would change, against etcd or between two Git refs.
import { readBlueprint } from '../../renderers/blueprint.ts';
import { Bell } from '../../schema/bell.ts';
import { getObjects } from '../../schema/state/objects.ts';
import { Observer } from '../plan/observe.ts';
import { assumeSettled } from '../plan/observed.ts';
import { type Origin, originsOf } from '../plan/origin.ts';
import { type Plan, plan } from '../plan/plan.ts';
import { planText } from '../plan/show.ts';
import type { CompiledSite } from '../source/accept.ts';
import { type LocalRepository, openLocal } from '../source/local.ts';
import { readTree } from '../source/tree.ts';
import { CliError } from './cli-error.ts';
import { type Connection, withEtcd } from './connection.ts';
import { checkFolder, compileFiles, orPrint, placeIn, readSiteFolder } from './site-folder.ts';

export interface PlanOptions {
  readonly base?: string;
  readonly head?: string;
  readonly etcd?: string;
  readonly json?: boolean;
}

/** A plan, and what it is a plan of. */
interface Made {
  readonly plan: Plan;
  readonly heading: string;
}

/** A site to be planned, and where the files that it was read from are found. */
interface Wanted {
  readonly compiled: CompiledSite;
  readonly commit: string;
  readonly where: string;
  readonly title: string;
}

/** Stands for a commit where the files on disk are planned. */
const workingTree = '0'.repeat(40);
const nothingToDo = 0;
const failed = 1;
const changes = 2;
/** etcd has answered already when this begins. */
const readyMs = 10_000;

export async function planCommand(folder: string, options: PlanOptions): Promise<number> {
  const { base, head } = options;
  if (head !== undefined && base === undefined) throw new CliError('--head goes with --base');
  if (base !== undefined && options.etcd !== undefined) throw new CliError('--base compares without --etcd');
  checkFolder(folder);
  const made = base === undefined ? await planAgainstEtcd(folder, options) : await planBetween(folder, base, head);
  if (!made) return failed;
  const text = options.json ? JSON.stringify(made.plan, null, 2) : planText(made.plan, made.heading);
  process.stdout.write(`${text}\n`);
  if (made.plan.refusals.length > 0) return failed;
  return made.plan.actions.length > 0 ? changes : nothingToDo;
}

/** No etcd: the base is taken to be in force, every machine running what it says. */
async function planBetween(folder: string, base: string, head: string | undefined): Promise<Made | null> {
  const repository = await openLocal(folder);
  const commit = await repository.resolve(base);
  const baseTitle = `${base} (${commit.slice(0, 12)})`;
  const files = await readTree(repository.objects, commit, repository.folder);
  // A branch that brings the site repo has nothing to be compared with.
  const before =
    files.size === 0 ? null : orPrint(await compileFiles(Promise.resolve(files)), refPath(base, repository));
  if (!before && files.size > 0) return null;
  const wanted = head === undefined ? await filesOnDisk(folder) : await filesAt(repository, head);
  if (!wanted) return null;
  const generation = 1;
  return {
    heading: `Plan for ${wanted.title}, compared with ${baseTitle}${before ? '' : ', which has no site repo'}`,
    plan: plan({
      base: before && { generation, blueprint: before.blueprint },
      target: { blueprint: wanted.compiled.blueprint, commit: wanted.commit },
      observed: before ? assumeSettled(before.blueprint, generation) : nothingObserved,
      history: [],
      origin: originIn(wanted),
      now: 0,
    }),
  };
}

const nothingObserved = { machines: new Map(), operations: new Map(), servers: new Map() };

async function planAgainstEtcd(folder: string, options: PlanOptions): Promise<Made | null> {
  const wanted = await filesOnDisk(folder);
  if (!wanted) return null;
  const { site } = wanted.compiled.blueprint.site;
  return withEtcd({ ...options, site }, async (connection) => ({
    heading: `Plan for ${wanted.title}, against ${site} in etcd at ${connection.etcd}`,
    plan: await planIn(connection, wanted),
  }));
}

async function planIn({ kv, etcd }: Connection, wanted: Wanted): Promise<Plan> {
  const stop = new AbortController();
  try {
    // A list tells at once when etcd is away, where a watch would wait for it.
    await kv.list('target');
    const observer = new Observer(kv, new Bell(), (error) => {
      process.stderr.write(`berth: left out: ${error instanceof Error ? error.message : error}\n`);
    });
    const watching = observer.run(stop.signal);
    await observer.whenReady(AbortSignal.timeout(readyMs));
    if (!observer.ready) throw new CliError(`etcd at ${etcd} has stopped answering`);
    const { target = null } = observer.target ?? {};
    const read = (root: string) => readBlueprint(root, (digests) => getObjects(kv, digests));
    const made = plan({
      base: target && { generation: target.generation, blueprint: await read(target.root) },
      target: { blueprint: wanted.compiled.blueprint, commit: wanted.commit },
      observed: observer.observed(),
      history: target?.parent ? [await read(target.parent)] : [],
      origin: originIn(wanted),
      now: Date.now(),
    });
    stop.abort();
    await watching;
    return made;
  } finally {
    stop.abort();
  }
}

async function filesOnDisk(folder: string): Promise<Wanted | null> {
  const compiled = orPrint(await compileFiles(readSiteFolder(folder)), folder);
  const title = folder === '.' ? 'the files in this folder' : `the files in ${folder}`;
  return compiled && { compiled, commit: workingTree, where: folder, title };
}

async function filesAt(repository: LocalRepository, ref: string): Promise<Wanted | null> {
  const commit = await repository.resolve(ref);
  const where = refPath(ref, repository);
  const compiled = orPrint(await compileFiles(readTree(repository.objects, commit, repository.folder)), where);
  return compiled && { compiled, commit, where, title: `${ref} (${commit.slice(0, 12)})` };
}

function refPath(ref: string, { folder }: LocalRepository): string {
  return `${ref}:${folder}`;
}

/** Reasons with places that can be opened from where the user stands. */
function originIn({ compiled, where }: Wanted): Origin {
  const origin = originsOf(compiled.site);
  return (serial, field) => {
    const place = origin(serial, field);
    return place && placeIn(place, where);
  };
}
