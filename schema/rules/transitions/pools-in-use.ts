import type { ValuePath } from '../../document.ts';
import { network } from '../../ipv4.ts';
import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import { counted } from '../../words.ts';
import type { Transition } from './transition.ts';

interface Use {
  readonly path: ValuePath;
  readonly pool: string;
  /** Absent where the site that follows has no such pool. */
  readonly next: string | undefined;
  /** Who has addresses from it; null while nobody has. */
  readonly users: string | null;
}

/** Addresses that somebody has must stay in their pool: it may grow, and neither shrink nor move. */
export const poolsInUse: Transition = {
  id: 'BERTH-903',
  title: 'a pool that is in use does not shrink or move',
  *check(base, site) {
    for (const { path, pool, next, users } of usesOf(base, site)) {
      if (users === null) continue;
      const place = site.site.placeOf('network', ...path);
      const hint = 'a pool in use may only grow; put it back as it was, or widen it';
      if (next === undefined) {
        yield { place, message: `${path.join('.')} ${pool} is gone, and ${users} have addresses from it`, hint };
        continue;
      }
      const [old, now] = [network(pool), network(next)];
      // The addresses of links count from the first one of their pool.
      const moves = path[0] === 'spineLinks' && now.first !== old.first;
      if (now.first <= old.first && now.last >= old.last && !moves) continue;
      const message = `${path.join('.')} was ${pool} and is ${next} now, but ${users} have addresses from what it was`;
      yield { place, message, hint };
    }
  },
};

/**
 * Machines have node and BMC addresses; boot servers that have joined also have VIPs and addresses towards operators;
 * links have theirs as long as racks stand; services and gateways of a cluster have theirs. Pods and services are
 * another matter: they never change at all.
 */
function* usesOf(base: Site, site: Site): Generator<Use> {
  const [before, after] = [base.site.value, site.site.value];
  const machines = count(declaredMachines(base));
  const servers = before.bootServers.filter(({ joined }) => joined).length;
  const links = count([...base.racks.values()].flatMap((rack) => rack.value.tors.map((tor) => tor.links)));
  const [old, now] = [before.network, after.network];
  const cluster = base.cluster === null ? null : `services of the cluster ${base.cluster.value.name}`;
  const by = (users: number, noun: string): string | null => (users === 0 ? null : counted(users, noun));
  yield { path: ['node', 'pool'], pool: old.node.pool, next: now.node.pool, users: by(machines, 'machine') };
  yield { path: ['bmc', 'pool'], pool: old.bmc.pool, next: now.bmc.pool, users: by(machines, 'BMC') };
  for (const name of ['bootServerVips', 'bastion'] as const) {
    yield { path: [name], pool: old[name], next: now[name], users: by(servers, 'boot server') };
  }
  for (const name of ['loadBalancers', 'egress'] as const) {
    yield { path: [name], pool: old[name], next: now[name], users: cluster };
  }
  for (const name of ['loadBalancerPools', 'egressPools'] as const) {
    const next = new Map(Object.entries(now[name] ?? {}));
    for (const [part, pool] of Object.entries(old[name] ?? {})) {
      yield { path: [name, part], pool, next: next.get(part), users: cluster };
    }
  }
  yield { path: ['spineLinks'], pool: old.spineLinks, next: now.spineLinks, users: by(links, 'ToR') };
}

function count(all: Iterable<unknown>): number {
  let sum = 0;
  for (const _ of all) sum++;
  return sum;
}
