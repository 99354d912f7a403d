// The version of Kubernetes as it changes from one site to the next.
import type { Place } from '../../diagnostic.ts';
import type { Site } from '../../load.ts';

export interface VersionChange {
  readonly from: string;
  readonly to: string;
  /** Minor version of today: 31 of 1.31.6. */
  readonly minor: number;
  /** How many minor versions it goes up; negative when it goes down. */
  readonly minors: number;
  /** The same for the patch version; means something only within one minor version. */
  readonly patches: number;
  readonly place: Place;
}

/** Null where either site has no cluster. */
export function versionChange(base: Site, site: Site): VersionChange | null {
  if (!base.cluster || !site.cluster) return null;
  const [from, to] = [base.cluster.value.version, site.cluster.value.version];
  const [, minor = 0, patch = 0] = from.split('.').map(Number);
  const [, nextMinor = 0, nextPatch = 0] = to.split('.').map(Number);
  const place = site.cluster.placeOf('version');
  return { from, to, minor, minors: nextMinor - minor, patches: nextPatch - patch, place };
}
