// The blueprint: what a site means, with no choice left open, as a tree of objects named by their digests.
import { canonicalJson, type Digest, sha256 } from '../schema/canonical.ts';
import type { BlueprintObject } from '../schema/state/blueprint-object.ts';
import type { ClusterObject } from '../schema/types/cluster-object.ts';
import type { IgnitionSource } from '../schema/types/ignition-object.ts';
import type { MachineObject } from '../schema/types/machine-object.ts';
import type { RackObject } from '../schema/types/rack-object.ts';
import type { ReleasesObject } from '../schema/types/releases-object.ts';
import type { ResourceObject } from '../schema/types/resource-object.ts';
import type { SiteObject } from '../schema/types/site-object.ts';

/** The Kubernetes cluster, and what is applied to it. */
export interface ClusterPlan {
  readonly cluster: ClusterObject;
  /** In the order in which they are applied. */
  readonly resources: readonly ResourceObject[];
}

export interface Blueprint {
  /** Digest of the site object: the name of the whole tree. */
  readonly root: Digest;
  readonly site: SiteObject;
  readonly releases: ReleasesObject;
  /** By role. */
  readonly ignition: ReadonlyMap<string, IgnitionSource>;
  /** By name. */
  readonly racks: ReadonlyMap<string, RackObject>;
  /** By serial, in the order of racks and slots. */
  readonly machines: ReadonlyMap<string, MachineObject>;
  /** Null where the site has no Kubernetes cluster. */
  readonly kubernetes: ClusterPlan | null;
}

/** An object of a blueprint: its digest, and its canonical JSON. */
export type WrittenObject = readonly [Digest, string];

export function writeObject(object: BlueprintObject): WrittenObject {
  const text = canonicalJson(object);
  return [sha256(text), text];
}

/** Reads some objects by digest; throws when one is missing or is not what its digest says. */
export type ReadObjects = (digests: readonly Digest[]) => Promise<ReadonlyMap<Digest, BlueprintObject>>;

export class BlueprintError extends Error {
  readonly code = 'BLUEPRINT';
  constructor(message: string) {
    super(message);
    this.name = 'BlueprintError';
  }
}

/** What boot servers serve from: all of a blueprint but the cluster, which they could do nothing with. */
export type BootBlueprint = Omit<Blueprint, 'kubernetes'>;

/**
 * Read a whole blueprint, level by level.
 * @throws {BlueprintError} when an object is not of the kind that its place asks for
 */
export async function readBlueprint(root: Digest, read: ReadObjects): Promise<Blueprint> {
  const blueprint = await readBootBlueprint(root, read);
  return { ...blueprint, kubernetes: await readCluster(blueprint.site, read) };
}

/** As {@link readBlueprint}, without what is of the cluster alone. */
export async function readBootBlueprint(root: Digest, read: ReadObjects): Promise<BootBlueprint> {
  const site = pick(await read([root]), root, 'site');
  const ignitionDigests = Object.entries(site.ignition);
  const rackDigests = Object.entries(site.racks);
  const level = await read([
    ...new Set([
      site.releases,
      ...ignitionDigests.map(([, digest]) => digest),
      ...rackDigests.map(([, digest]) => digest),
    ]),
  ]);
  const racks = rackDigests
    .map(([name, digest]) => [name, pick(level, digest, 'rack')] as const)
    .sort(([, a], [, b]) => a.rack - b.rack);
  const objects = await read(racks.flatMap(([, rack]) => Object.values(rack.machines)));
  const machines = new Map<string, MachineObject>();
  for (const [, rack] of racks) {
    const inRack = Object.values(rack.machines).map((digest) => pick(objects, digest, 'machine'));
    for (const machine of inRack.sort((a, b) => a.slot - b.slot)) machines.set(machine.serial, machine);
  }
  return {
    root,
    site,
    releases: pick(level, site.releases, 'releases'),
    ignition: new Map(ignitionDigests.map(([role, digest]) => [role, pick(level, digest, 'ignition')])),
    racks: new Map(racks),
    machines,
  };
}

async function readCluster({ cluster: digest }: SiteObject, read: ReadObjects): Promise<ClusterPlan | null> {
  if (digest === undefined) return null;
  const cluster = pick(await read([digest]), digest, 'cluster');
  const objects = await read([...new Set(cluster.resources)]);
  return { cluster, resources: cluster.resources.map((resource) => pick(objects, resource, 'resource')) };
}

function pick<K extends BlueprintObject['kind']>(
  objects: ReadonlyMap<Digest, BlueprintObject>,
  digest: Digest,
  kind: K,
): Extract<BlueprintObject, { kind: K }> {
  const object = objects.get(digest);
  if (object?.kind !== kind)
    throw new BlueprintError(`object ${digest} is ${object?.kind ?? 'missing'}, not a ${kind}`);
  return object as Extract<BlueprintObject, { kind: K }>;
}
