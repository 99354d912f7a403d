// berth plan: the files on disk against what is in force and what is observed.
import { readBlueprint } from '../../renderers/blueprint.ts';
import { Bell } from '../../schema/bell.ts';
import { getObjects } from '../../schema/state/objects.ts';
import { Observer } from '../plan/observe.ts';
import { plan } from '../plan/plan.ts';
import { type Preview, previewOf } from '../plan/show/preview.ts';
import { CliError } from './cli-error.ts';
import { type Connection, type ConnectionOptions, withEtcd } from './connection.ts';
import { filesOnDisk, type Made, originIn, type Wanted } from './plan-wanted.ts';

/** etcd has answered already when this begins. */
const readyMs = 10_000;

/** @throws {InvalidSite} {@link CliError} when etcd is not known or does not answer */
export async function planAgainstEtcd(folder: string, options: ConnectionOptions): Promise<Made> {
  const wanted = await filesOnDisk(folder);
  const { site } = wanted.compiled.blueprint.site;
  return withEtcd({ ...options, site }, async (connection) => ({
    heading: `Plan for ${wanted.title}, against ${site} in etcd at ${connection.etcd}`,
    preview: await previewIn(connection, wanted),
    // etcd has what became of the documents, not the documents.
    transitions: [],
  }));
}

async function previewIn({ kv, etcd }: Connection, wanted: Wanted): Promise<Preview> {
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
    const base = target && { generation: target.generation, blueprint: await read(target.root) };
    const history = target?.parent ? [await read(target.parent)] : [];
    const { blueprint } = wanted.compiled;
    const observed = observer.observed();
    const made = plan({
      base,
      target: { blueprint, commit: wanted.commit },
      observed,
      history,
      origin: originIn(wanted),
      now: Date.now(),
    });
    stop.abort();
    await watching;
    const known = [...(base ? [base.blueprint] : []), ...history];
    return previewOf({ plan: made, target: blueprint, known, observed, restartSeconds: null });
  } finally {
    stop.abort();
  }
}
