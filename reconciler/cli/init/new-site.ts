// What a new site repo is made of: all that was asked, answered.
import type { AddressLayout } from './address-layout.ts';
import type { NewMachine } from './machines-csv.ts';

export interface NewSite {
  readonly site: string;
  readonly domain: string;
  readonly dns: readonly string[];
  readonly ntp: readonly string[];
  readonly racks: number;
  readonly addresses: AddressLayout;
  readonly machines: readonly NewMachine[];
  readonly signer: NewSigner;
  readonly releases: NewReleases;
}

export interface NewSigner {
  readonly name: string;
  /** Type and base64; null where there is none yet. */
  readonly key: string | null;
}

/** A file that machines boot. */
export interface NewAsset {
  /** URL that boot servers fetch it from. */
  readonly source: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Whether there is no such file yet. */
  readonly standIn: boolean;
}

export interface NewReleases {
  /** Name of the operating system. */
  readonly os: string;
  readonly kernel: NewAsset;
  readonly initrd: NewAsset;
  readonly bootProgram: NewAsset;
}

/** The role of machines where no table says one. */
export const onlyRole = 'node';

/** Their roles, in the order of their names. */
export function rolesOf({ machines }: NewSite): readonly string[] {
  const roles = [...new Set(machines.map(({ role }) => role))].sort();
  return roles.length > 0 ? roles : [onlyRole];
}

/** How many boot servers there are: an odd number, so that their etcd has a majority; at most one a rack. */
export function bootServersOf(racks: number): number {
  return racks >= 3 ? 3 : 1;
}
