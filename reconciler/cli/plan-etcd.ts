// berth plan: the files on disk against what is in force and what is observed.
import { readBlueprint } from '../../renderers/blueprint.ts';
import { Bell } from '../../schema/bell.ts';
import { getObjects } from '../../schema/state/objects.ts';
import { Observer } from '../plan/observe.ts';
import { type Plan, plan } from '../plan/plan.ts';
import { CliError } from './cli-error.ts';
import { type Connection, type ConnectionOptions, withEtcd } from './connection.ts';
import { filesOnDisk, type Made, originIn, type Wanted } from './plan-wanted.ts';

/** etcd has answered already when this begins. */
const readyMs = 10_000;

/** @returns null after findings were printed @throws {CliError} when etcd is not known or does not answer */
export async function planAgainstEtcd(folder: string, options: ConnectionOptions): Promise<Made | null> {
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
