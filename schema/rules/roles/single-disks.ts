import { posix } from 'node:path';
import { formatPlace } from '../../diagnostic.ts';
import type { Finding, Rule } from '../rule.ts';

/** A disk that stands twice would be set up twice, and of two that are mounted at one place, one is not seen. */
export const singleDisks: Rule = {
  id: 'BERTH-414',
  title: 'each disk of a role has a device and a mount point of its own',
  *check(site): Generator<Finding> {
    for (const role of site.roles.values()) {
      const first = new Map<string, readonly (string | number)[]>();
      const uses = (role.value.disks ?? []).flatMap(({ device, filesystem }, index) => [
        { what: 'the device', name: device, path: ['disks', index, 'device'] },
        ...(filesystem
          ? [{ what: 'the mount point', name: filesystem.mount, path: ['disks', index, 'filesystem', 'mount'] }]
          : []),
      ]);
      for (const { what, name, path } of uses) {
        const place = role.placeOf(...path);
        const shortest = posix.normalize(name);
        if (shortest !== name) {
          yield { place, message: `the shortest form of ${what} ${name} is ${shortest}`, hint: 'write it so' };
        }
        const other = first.get(`${what} ${shortest}`);
        if (other) {
          const message = `${what} ${shortest} is taken already at ${formatPlace(role.placeOf(...other))}`;
          yield { place, message, hint: 'remove one of the two, or correct it' };
        } else first.set(`${what} ${shortest}`, path);
      }
    }
  },
};
