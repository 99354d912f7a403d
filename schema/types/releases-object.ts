// Generated from schema/state/releases-object.schema.json by npm run generate. Do not edit.

/**
 * object/<sha256>: the pins of a blueprint.
 */
export interface ReleasesObject {
  kind: 'releases';
  /**
   * Operating systems that roles use, by name.
   */
  os: {
    [k: string]: OsPin;
  };
  /**
   * Boot program by architecture (x64, arm64).
   */
  bootPrograms: {
    [k: string]: AssetPin;
  };
}
export interface OsPin {
  kernel: AssetPin;
  initrd: AssetPin;
}
/**
 * A file pinned by digest.
 *
 * This interface was referenced by `ReleasesObject`'s JSON-Schema
 * via the `definition` "asset".
 */
export interface AssetPin {
  /**
   * File name, the last part of the source's path.
   */
  name: string;
  /**
   * Where boot servers get it from.
   */
  source: string;
  /**
   * Digest of the bytes.
   */
  sha256: string;
  /**
   * Size in bytes.
   */
  sizeBytes: number;
}
