// The files of a site repo, wherever they come from: the rules for what may be in it, and the walk that applies them.
import type { SiteFile, SiteFiles } from '../../schema/load.ts';

/** Something in a folder of a site repo. */
export type SiteEntry =
  | { readonly kind: 'folder'; readonly name: string; list(): Promise<readonly SiteEntry[]> }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly executable: boolean;
      /** Where it is known before reading. */
      readonly sizeBytes?: number;
      read(): Promise<Uint8Array>;
    }
  | { readonly kind: 'symlink' | 'submodule' | 'special-file'; readonly name: string };

export type SiteFilesErrorCode =
  | 'symlink'
  | 'submodule'
  | 'special-file'
  | 'bad-name'
  | 'case-twins'
  | 'path-too-long'
  | 'file-too-large'
  | 'too-many-files'
  | 'site-too-large';

/** The tree holds what no site repo may hold. */
export class SiteFilesError extends Error {
  override readonly name = 'SiteFilesError';

  constructor(
    readonly code: SiteFilesErrorCode,
    /** Where in the site repo. */
    readonly path: string,
    message: string,
  ) {
    super(`${path.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd')}: ${message}`);
  }
}

export const siteLimits = { entries: 20_000, fileBytes: 1 << 20, siteBytes: 256 << 20, pathBytes: 1024 } as const;

/**
 * Read all files of a site repo. Entries at its top whose names begin with a dot are tools' own (.git, .github,
 * .gitignore) and are left out; below it they are content like any other.
 * @returns files by path, in the order of their paths
 * @throws {SiteFilesError}
 */
export async function collectSiteFiles(top: readonly SiteEntry[]): Promise<SiteFiles> {
  const collector = new Collector();
  await collector.folder(
    '',
    top.filter(({ name }) => !name.startsWith('.')),
  );
  return new Map([...collector.files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

class Collector {
  readonly files = new Map<string, SiteFile>();
  private entries = 0;
  private bytes = 0;

  /** @param folder empty, or a path ending in `/` */
  async folder(folder: string, entries: readonly SiteEntry[]): Promise<void> {
    const seen = new Map<string, string>();
    for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder + entry.name;
      this.entries += 1;
      if (this.entries > siteLimits.entries) {
        throw new SiteFilesError('too-many-files', path, `more than ${siteLimits.entries} files and folders`);
      }
      checkName(path, entry.name);
      // Where case and composition of letters do not count, as on macOS and Windows, one of the two would be lost.
      const folded = entry.name.normalize('NFC').toLowerCase();
      const twin = seen.get(folded);
      if (twin !== undefined) throw new SiteFilesError('case-twins', path, `differs from ${twin} by case alone`);
      seen.set(folded, entry.name);
      await this.entry(path, entry);
    }
  }

  private async entry(path: string, entry: SiteEntry): Promise<void> {
    switch (entry.kind) {
      case 'folder':
        return this.folder(`${path}/`, await entry.list());
      case 'file':
        checkSize(path, entry.sizeBytes ?? 0);
        return this.file(path, await entry.read(), entry.executable);
      case 'symlink':
        throw new SiteFilesError('symlink', path, 'symbolic links are not allowed in a site repo');
      case 'submodule':
        throw new SiteFilesError('submodule', path, 'submodules are not allowed in a site repo');
      case 'special-file':
        throw new SiteFilesError('special-file', path, 'this is neither a file nor a folder');
    }
  }

  private file(path: string, bytes: Uint8Array, executable: boolean): void {
    checkSize(path, bytes.length);
    this.bytes += bytes.length;
    if (this.bytes > siteLimits.siteBytes) {
      throw new SiteFilesError('site-too-large', path, `the files have more than ${siteLimits.siteBytes} bytes`);
    }
    this.files.set(path, { bytes, executable });
  }
}

function checkName(path: string, name: string): void {
  if (Buffer.byteLength(path) > siteLimits.pathBytes) {
    throw new SiteFilesError('path-too-long', path, `the path has more than ${siteLimits.pathBytes} bytes`);
  }
  const reserved = name === '' || name === '.' || name === '..' || name.toLowerCase() === '.git';
  if (reserved || /[/\\\p{Cc}\p{Cf}\ufffd]/u.test(name)) {
    throw new SiteFilesError('bad-name', path, `${JSON.stringify(name)} is not allowed as a name`);
  }
}

function checkSize(path: string, sizeBytes: number): void {
  if (sizeBytes <= siteLimits.fileBytes) return;
  throw new SiteFilesError('file-too-large', path, `the file has more than ${siteLimits.fileBytes} bytes`);
}
