import type { Site } from '../../load.ts';
import type { Rule } from '../rule.ts';
import { textAt } from './unchecked.ts';

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

/** A container, or a volume that is an image. */
interface ImageUser {
  /** As messages call it. */
  readonly who: string;
  readonly image: string;
  readonly path: readonly (string | number)[];
}

/** A tag can be moved to other bytes after the review, a digest cannot. */
export const imageDigests: Rule = {
  id: 'BERTH-608',
  title: 'container images in resources are named by digest',
  *check(site) {
    for (const { document } of site.resources) {
      for (const { who, image, path } of imageUsers(document.value)) {
        if (/@sha256:[0-9a-f]{64}$/.test(image)) continue;
        const pin = pinOf(site, image);
        yield {
          place: document.placeOf(...path),
          message: `${who} ${image}, without a digest`,
          hint: pin === undefined ? 'write it as name:tag@sha256:<digest>' : `releases.yaml pins it: ${pin}`,
        };
      }
    }
  },
};

/** Every one, at any depth: pod templates are found in kinds that nobody knows here, too. */
function imageUsers(resource: unknown): readonly ImageUser[] {
  const users: ImageUser[] = [];
  const path: (string | number)[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const inList = containerLists.includes(String(path.at(-1)));
    for (const [key, member] of Object.entries(value)) {
      path.push(Array.isArray(value) ? Number(key) : key);
      const image = inList && Array.isArray(value) ? textAt(member, 'image') : undefined;
      if (image !== undefined && image !== '') {
        const name = textAt(member, 'name');
        const who = name === undefined ? 'a container runs' : `the container ${name} runs`;
        users.push({ who, image, path: [...path, 'image'] });
      }
      const mounted = path.at(-1) === 'image' && path.at(-3) === 'volumes' ? textAt(member, 'reference') : undefined;
      if (mounted !== undefined) {
        users.push({ who: `the volume ${textAt(value, 'name')} is`, image: mounted, path: [...path, 'reference'] });
      }
      walk(member);
      path.pop();
    }
  };
  walk(resource);
  return users;
}

/** What releases.yaml says of an image that is named by its tag. */
function pinOf({ releases, cluster }: Site, image: string): string | undefined {
  const { images, kubernetes } = releases.value;
  const version = cluster?.value.version ?? '';
  const own = kubernetes && Object.hasOwn(kubernetes, version) ? kubernetes[version]?.images : {};
  const pins: readonly unknown[] = [...Object.values(images ?? {}), ...Object.values(own ?? {})];
  return pins.find((pin): pin is string => typeof pin === 'string' && pin.startsWith(`${image}@`));
}
