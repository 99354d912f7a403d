// Generated from schema/site/releases.schema.json by npm run generate. Do not edit.

/**
 * Where boot servers get the file from.
 */
export type Source = string;
/**
 * Digest of the file, in lower-case hex.
 */
export type SHA256 = string;
/**
 * Size of the file in bytes.
 */
export type Size = number;

/**
 * releases.yaml: every pin of the site, each with its digest.
 */
export interface ReleasesDocument {
  os: OperatingSystems;
  bootPrograms: BootPrograms;
}
/**
 * By a name that roles refer to.
 */
export interface OperatingSystems {
  [k: string]: OperatingSystem;
}
/**
 * A kernel and the initrd that belongs to it.
 *
 * This interface was referenced by `ReleasesDocument`'s JSON-Schema
 * via the `definition` "os".
 */
export interface OperatingSystem {
  kernel: Kernel;
  initrd: InitialRAMDisk;
}
/**
 * A file, pinned by digest.
 */
export interface Kernel {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * A file, pinned by digest.
 */
export interface InitialRAMDisk {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * What firmware loads first, by kind of client.
 */
export interface BootPrograms {
  x64: X64UEFI;
  arm64?: Arm64UEFI;
}
/**
 * iPXE for x86-64 UEFI firmware.
 */
export interface X64UEFI {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * iPXE for 64-bit Arm UEFI firmware.
 */
export interface Arm64UEFI {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
/**
 * A file, pinned by digest.
 *
 * This interface was referenced by `ReleasesDocument`'s JSON-Schema
 * via the `definition` "asset".
 */
export interface Asset {
  source: Source;
  sha256: SHA256;
  sizeBytes: Size;
}
