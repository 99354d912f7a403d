import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { textAt } from './unchecked.ts';

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

interface Container {
  readonly name: string | undefined;
  readonly image: string;
  readonly path: readonly (string | number)[];
}

/** A tag can be moved to other bytes after the review, a digest cannot. */
export const imageDigests: Rule = {
  id: 'BERTH-608',
  title: 'container images in resources are named by digest',
  *check(site) {
    for (const { document } of site.resources) {
      for (const { name, image, path } of containersOf(document.value)) {
        if (/@sha256:[0-9a-f]{64}$/.test(image)) continue;
        const pin = pinOf(site, image);
        yield {
          place: document.placeOf(...path),
          message: `${name === undefined ? 'a container' : `the container ${name}`} runs ${image}, without a digest`,
          hint: pin === undefined ? 'write it as name:tag@sha256:<digest>' : `releases.yaml pins it: ${pin}`,
        };
      }
    }
  },
};

/** Every container, at any depth: pod templates are found in kinds that nobody knows here, too. */
function containersOf(resource: unknown): readonly Container[] {
  const containers: Container[] = [];
  const path: (string | number)[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const inList = containerLists.includes(String(path.at(-1)));
    for (const [key, member] of Object.entries(value)) {
      path.push(Array.isArray(value) ? Number(key) : key);
      const image = inList && Array.isArray(value) ? textAt(member, 'image') : undefined;
      if (image !== undefined && image !== '')
        containers.push({ name: textAt(member, 'name'), image, path: [...path, 'image'] });
      walk(member);
      path.pop();
    }
  };
  walk(resource);
  return containers;
}

/** What releases.yaml says of an image that is named by its tag. */
function pinOf({ releases, cluster }: Site, image: string): string | undefined {
  const { images, kubernetes } = releases.value;
  const version = cluster?.value.version ?? '';
  const own = kubernetes && Object.hasOwn(kubernetes, version) ? kubernetes[version]?.images : {};
  const pins: readonly unknown[] = [...Object.values(images ?? {}), ...Object.values(own ?? {})];
  return pins.find((pin): pin is string => typeof pin === 'string' && pin.startsWith(`${image}@`));
}
