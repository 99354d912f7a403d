import { posix } from 'node:path';
import type { Rule } from '../rule.ts';

/** Names that the kernel gives to disks in the order in which it finds them, with their partitions. */
const numbered =
  /^\/dev\/((sd|vd|xvd|hd)[a-z]+\d*|(nvme\d+n\d+|mmcblk\d+|md\d+|nbd\d+|pmem\d+|loop\d+|ram\d+|zram\d+|sr\d+)(p\d+)?|dm-\d+)$/;

/** What a disk is called that is to be set up must be known before anything is on it, and be the same at each boot. */
export const stableDevices: Rule = {
  id: 'BERTH-415',
  title: 'disks of a role are named by paths that stay the same across boots',
  *check(site) {
    for (const role of site.roles.values()) {
      for (const [index, { device }] of (role.value.disks ?? []).entries()) {
        const why = whyNot(posix.normalize(device));
        if (why === null) continue;
        yield {
          place: role.placeOf('disks', index, 'device'),
          message: `${device} ${why}`,
          hint: 'name the disk by /dev/disk/by-path/… (the slot that it sits in) or /dev/disk/by-id/… (the disk itself)',
        };
      }
    }
  },
};

function whyNot(device: string): string | null {
  if (numbered.test(device)) return 'can be another disk after the next boot: the kernel counts disks as it finds them';
  if (device.startsWith('/dev/disk/by-diskseq/')) return 'can be another disk after the next boot';
  if (/^\/dev\/disk\/by-(uuid|label)\//.test(device)) {
    return 'names the file system on a disk: a blank disk has none, and setting it up makes another';
  }
  return null;
}
