// The Ignition folders of a role → one Ignition source, and where each of its texts comes from.
import type { Diagnostic, Place } from '../schema/diagnostic.ts';
import { decodeText, type SiteDocumentFile, type ValuePath } from '../schema/document.ts';
import type { IgnitionFolder } from '../schema/load.ts';
import type { IgnitionDocument } from '../schema/types/ignition.ts';
import type { IgnitionSource } from '../schema/types/ignition-object.ts';
import type { RoleDocument } from '../schema/types/role.ts';
import { checkClaims } from './ignition-claims.ts';

/** Where what is at a pointer (RFC 6901) into a source's config comes from, at an offset into it if it is a text. */
export type SourceOrigins = ReadonlyMap<string, (offset: number) => Place>;

export interface MergedIgnition {
  readonly source: IgnitionSource;
  readonly origins: SourceOrigins;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Merge a role's folders in their order: lists grow, and a path or unit that stands twice is an error. Names that hold
 * templates can be judged only once they are rendered.
 */
export function mergeIgnition(
  role: string,
  document: SiteDocumentFile<RoleDocument>,
  variables: IgnitionSource['variables'],
  folders: ReadonlyMap<string, IgnitionFolder>,
): MergedIgnition {
  const merger = new Merger();
  for (const name of document.value.ignition) {
    const folder = folders.get(name);
    if (folder) merger.add(name, folder);
  }
  const source: IgnitionSource = {
    kind: 'ignition',
    role,
    version: '3.3.0',
    variables,
    config: merger.config(),
  };
  const { origins } = merger;
  const clashes = checkClaims(
    source.config,
    (pointer) => originAt(origins, pointer, 0) ?? document.placeOf('ignition'),
  );
  return { source, origins, diagnostics: [...merger.diagnostics, ...clashes] };
}

/** The place at an offset into the text at a pointer, or that of the nearest value above it. */
export function originAt(origins: SourceOrigins, pointer: string, offset: number): Place | null {
  const exact = origins.get(pointer);
  if (exact) return exact(offset);
  for (let cut = pointer.lastIndexOf('/'); cut > 0; cut = pointer.lastIndexOf('/', cut - 1)) {
    const above = origins.get(pointer.slice(0, cut));
    if (above) return above(0);
  }
  return null;
}

type Entry = Readonly<Record<string, unknown>>;
type Storage = NonNullable<IgnitionDocument['storage']>;
type FileEntry = NonNullable<Storage['files']>[number];
type UnitEntry = NonNullable<NonNullable<IgnitionDocument['systemd']>['units']>[number];

const lists = [
  'storage/directories',
  'storage/files',
  'storage/links',
  'systemd/units',
  'passwd/users',
  'passwd/groups',
] as const;
type ListName = (typeof lists)[number];

class Merger {
  readonly origins = new Map<string, (offset: number) => Place>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly entries = new Map<ListName, Entry[]>();

  add(name: string, folder: IgnitionFolder): void {
    const document = folder.document;
    const { storage = {}, systemd = {}, passwd = {} } = document.value;
    for (const [index, entry] of (storage.directories ?? []).entries()) {
      this.push('storage/directories', document, ['storage', 'directories', index], permissions(entry));
    }
    for (const [index, entry] of (storage.files ?? []).entries()) {
      this.file(name, folder, index, entry);
    }
    for (const [index, entry] of (storage.links ?? []).entries()) {
      this.push('storage/links', document, ['storage', 'links', index], { ...entry });
    }
    for (const [index, tree] of (storage.trees ?? []).entries()) {
      this.tree(name, folder, index, tree.local, tree.path);
    }
    for (const [index, entry] of (systemd.units ?? []).entries()) {
      this.unit(name, folder, index, entry);
    }
    for (const [index, { ssh_authorized_keys: keys, ...user }] of (passwd.users ?? []).entries()) {
      const entry = { ...user, ...(keys === undefined ? {} : { sshAuthorizedKeys: keys }) };
      this.push('passwd/users', document, ['passwd', 'users', index], entry);
    }
    for (const [index, entry] of (passwd.groups ?? []).entries()) {
      this.push('passwd/groups', document, ['passwd', 'groups', index], { ...entry });
    }
  }

  /** The Ignition config, without lists that are empty. */
  config(): Record<string, unknown> {
    const config: Record<string, Record<string, unknown>> = {};
    for (const list of lists) {
      const entries = this.entries.get(list);
      if (!entries) continue;
      const [section, name] = list.split('/') as [string, string];
      config[section] = { ...config[section], [name]: entries };
    }
    return config;
  }

  private file(name: string, folder: IgnitionFolder, index: number, entry: FileEntry): void {
    const { contents, ...rest } = entry;
    const path = ['storage', 'files', index] as const;
    const { local } = contents;
    const inline =
      local === undefined ? (contents.inline ?? '') : this.local(name, folder, local, [...path, 'contents', 'local']);
    const pointer = this.push('storage/files', folder.document, path, { ...permissions(rest), contents: { inline } });
    if (local !== undefined)
      this.origins.set(`${pointer}/contents/inline`, inFile(`ignition/${name}/${local}`, inline));
  }

  private tree(name: string, folder: IgnitionFolder, index: number, local: string, target: string): void {
    const prefix = local.endsWith('/') ? local : `${local}/`;
    const path = ['storage', 'trees', index] as const;
    const inside = [...folder.files.keys()].filter((file) => file.startsWith(prefix)).sort();
    if (inside.length === 0) this.missing(folder.document.placeOf(...path, 'local'), `ignition/${name}/${prefix}`);
    for (const file of inside) {
      const mode = folder.files.get(file)?.executable ? 0o755 : 0o644;
      const inline = this.local(name, folder, file, [...path, 'local']);
      const entry = { path: `${target.replace(/\/$/, '')}/${file.slice(prefix.length)}`, mode, contents: { inline } };
      const pointer = this.push('storage/files', folder.document, path, entry);
      this.origins.set(`${pointer}/contents/inline`, inFile(`ignition/${name}/${file}`, inline));
    }
  }

  private unit(name: string, folder: IgnitionFolder, index: number, entry: UnitEntry): void {
    const { contents_local: local, ...unit } = entry;
    const { document } = folder;
    const path = ['systemd', 'units', index] as const;
    if (local === undefined) {
      this.push('systemd/units', document, path, unit);
      return;
    }
    if (unit.contents !== undefined) {
      const place = document.placeOf(...path, 'contents_local');
      const message = `${unit.name} has both contents and contents_local`;
      this.diagnostics.push({ rule: 'BERTH-505', severity: 'error', place, message, hint: 'remove one of the two' });
    }
    const contents = this.local(name, folder, local, [...path, 'contents_local']);
    const pointer = this.push('systemd/units', document, path, { ...unit, contents });
    this.origins.set(`${pointer}/contents`, inFile(`ignition/${name}/${local}`, contents));
  }

  /** The text of a file beside ignition.yaml; `path` leads to where its name stands. */
  private local(name: string, folder: IgnitionFolder, local: string, path: ValuePath): string {
    const file = folder.files.get(local);
    if (!file) {
      this.missing(folder.document.placeOf(...path), `ignition/${name}/${local}`);
      return '';
    }
    const decoded = decodeText(`ignition/${name}/${local}`, file.bytes);
    if ('text' in decoded) return decoded.text;
    this.diagnostics.push(decoded.problem);
    return '';
  }

  private missing(place: Place, path: string): void {
    const message = `there is no ${path}`;
    const hint = 'paths are relative to the folder of ignition.yaml';
    this.diagnostics.push({ rule: 'BERTH-502', severity: 'error', place, message, hint });
  }

  /** Add an entry to a list; gives back the pointer to it. */
  private push(list: ListName, document: SiteDocumentFile<unknown>, path: ValuePath, entry: Entry): string {
    const entries = this.entries.get(list) ?? [];
    this.entries.set(list, entries);
    const pointer = `/${list}/${entries.length}`;
    entries.push(entry);
    this.origin(pointer, entry, document, path);
    return pointer;
  }

  /** Note where a value and all in it stand. Ignition has the same names as the document, but for one. */
  private origin(pointer: string, value: unknown, document: SiteDocumentFile<unknown>, path: ValuePath): void {
    this.origins.set(pointer, (offset) => document.placeInside(offset, ...path));
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key === 'sshAuthorizedKeys' ? 'ssh_authorized_keys' : key;
      this.origin(`${pointer}/${key}`, member, document, [...path, step]);
    }
  }
}

function permissions<T extends { mode?: string }>({ mode, ...entry }: T): Entry {
  return { ...entry, ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }) };
}

function inFile(file: string, text: string): (offset: number) => Place {
  return (offset) => {
    const before = text.slice(0, offset).split('\n');
    return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
}
