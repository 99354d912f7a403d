// The files of a site repo that are sealed with age: secrets/<name>.age, in folders or not.
import type { SiteFiles } from './load.ts';

const pattern = /^secrets\/([a-z0-9][a-z0-9._-]*\/)*[a-z0-9][a-z0-9._-]*\.age$/;

export function isSecretFile(path: string): boolean {
  return pattern.test(path);
}

/** Each of them as it lies in the site repo, in the order of their paths. */
export function secretFiles(files: SiteFiles): ReadonlyMap<string, Uint8Array> {
  const secrets = [...files].flatMap(([path, { bytes }]) => (isSecretFile(path) ? [[path, bytes] as const] : []));
  return new Map(secrets.sort(([a], [b]) => (a < b ? -1 : 1)));
}
