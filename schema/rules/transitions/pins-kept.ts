import type { ValuePath } from '../../document.ts';
import type { Site } from '../../load.ts';
import { declaredMachines } from '../../machines.ts';
import type { ReleasesDocument } from '../../types/releases.ts';
import type { Finding } from '../rule.ts';
import type { Transition } from './transition.ts';

/** With two builds under one name, nobody can tell from a plan or a machine which of them it is about. */
export const pinsKept: Transition = {
  id: 'BERTH-914',
  title: 'a pin in use keeps its digest under its name',
  severity: 'warning',
  *check(base, site): Generator<Finding> {
    const now = new Map([...pinsOf(site)].map((pin) => [pin.key, pin]));
    for (const { key, name, digest, inUse } of pinsOf(base)) {
      const next = now.get(key);
      if (!next || next.digest === digest || !inUse()) continue;
      yield {
        place: site.releases.placeOf(...next.path),
        message: `${name} was ${digest.slice(0, 12)} and is ${next.digest.slice(0, 12)} now, under the same name`,
        hint: 'give the new build a name of its own, and let what is to run it name that',
      };
    }
  },
};

interface Pin {
  /** The same for two builds that have one name. */
  readonly key: string;
  readonly name: string;
  readonly digest: string;
  readonly path: ValuePath;
  readonly inUse: () => boolean;
}

/** Boot programs have no names that could change. */
function* pinsOf(site: Site): Generator<Pin> {
  const { os, kubernetes = {}, images = {}, packages = {} } = site.releases.value;
  let booted: ReadonlySet<string> | null = null;
  for (const [system, pins] of Object.entries(os)) {
    const inUse = (): boolean => {
      booted ??= bootedSystems(site);
      return booted.has(system);
    };
    for (const part of ['kernel', 'initrd'] as const) {
      const path = ['os', system, part, 'sha256'];
      yield { key: path.join(' '), name: `the ${part} of ${system}`, digest: pins[part].sha256, path, inUse };
    }
  }
  for (const [version, release] of Object.entries(kubernetes)) {
    const inUse = (): boolean => site.cluster?.value.version === version;
    const path = ['kubernetes', version, 'kubelet', 'sha256'];
    const name = `the kubelet of ${version}`;
    yield { key: path.join(' '), name, digest: release.kubelet.sha256, path, inUse };
    yield* imagesIn(release.images, ['kubernetes', version, 'images'], inUse);
  }
  yield* imagesIn(images, ['images'], () => true);
  yield* packagesOf(packages);
}

/** An image is named by registry, name and tag; without a digest another rule has found it. */
function* imagesIn(images: object, path: ValuePath, inUse: () => boolean): Generator<Pin> {
  for (const [component, image] of Object.entries(images) as [string, string][]) {
    const [name = '', digest] = image.split('@sha256:');
    if (digest === undefined) continue;
    yield { key: `${path.join(' ')} ${component} ${name}`, name, digest, path: [...path, component], inUse };
  }
}

function* packagesOf(packages: NonNullable<ReleasesDocument['packages']>): Generator<Pin> {
  for (const [name, { version, sha256 }] of Object.entries(packages)) {
    const path = ['packages', name, 'sha256'];
    yield { key: `packages ${name} ${version}`, name: `${name} ${version}`, digest: sha256, path, inUse: () => true };
  }
}

function bootedSystems(site: Site): ReadonlySet<string> {
  const booted = new Set<string>();
  const byDefault = site.site.value.defaults?.os;
  for (const { machine } of declaredMachines(site)) {
    const os = machine.os ?? site.roles.get(machine.role)?.value.os ?? byDefault;
    if (os !== undefined) booted.add(os);
  }
  return booted;
}
