// How much of a repository is taken in. Whoever goes beyond is refused before it is stored.

export interface PackLimits {
  /** Of one pack, as it is sent. At most 2 GiB - 1. */
  readonly maxPackBytes: number;
  /** In one pack. */
  readonly maxObjects: number;
  /** Different objects that those of one pack name: each takes some 70 bytes of memory until it is found to be there. */
  readonly maxLinks: number;
  /** Of one object, inflated. */
  readonly maxObjectBytes: number;
  /** Of all objects of a pack together, inflated, deltas included. */
  readonly maxInflatedBytes: number;
}

export const packLimits: PackLimits = {
  maxPackBytes: 512 << 20,
  maxObjects: 1_000_000,
  maxLinks: 2_000_000,
  maxObjectBytes: 64 << 20,
  maxInflatedBytes: 4 * 2 ** 30,
};
