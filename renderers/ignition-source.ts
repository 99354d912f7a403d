// The Ignition folders of a role → one Ignition source, and where each of its texts comes from.
import type { Diagnostic, Place } from '../schema/diagnostic.ts';
import { decodeText, type SiteDocumentFile } from '../schema/document.ts';
import type { IgnitionFolder } from '../schema/load.ts';
import type { IgnitionDocument } from '../schema/types/ignition.ts';
import type { IgnitionSource } from '../schema/types/ignition-object.ts';
import type { RoleDocument } from '../schema/types/role.ts';

/** Where the text at a pointer (RFC 6901) into a source's config comes from. */
export type SourceOrigins = ReadonlyMap<string, (offset: number) => Place>;

export interface MergedIgnition {
  readonly source: IgnitionSource;
  readonly origins: SourceOrigins;
  readonly diagnostics: readonly Diagnostic[];
}

/** Merge a role's folders in their order: lists grow, and a path or unit that stands twice is an error. */
export function mergeIgnition(
  role: string,
  document: SiteDocumentFile<RoleDocument>,
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
    variables: document.value.variables ?? {},
    config: merger.config(),
  };
  return { source, origins: merger.origins, diagnostics: merger.diagnostics };
}

type Entry = Record<string, unknown>;
type Storage = NonNullable<IgnitionDocument['storage']>;
type FileEntry = NonNullable<Storage['files']>[number];

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
  private readonly taken = new Map<string, Place>();

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
    for (const [index, { contents_local: local, ...unit }] of (systemd.units ?? []).entries()) {
      const path = ['systemd', 'units', index] as const;
      const pointer = this.push('systemd/units', document, path, { ...unit });
      if (local === undefined) continue;
      const text = this.local(name, folder, local, document.placeOf(...path, 'contents_local'));
      this.set(pointer, { contents: text });
      this.origins.set(`${pointer}/contents`, inFile(`ignition/${name}/${local}`, text));
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
    const pointer = this.push('storage/files', folder.document, path, permissions(rest));
    if (contents.local === undefined) {
      this.set(pointer, { contents: { inline: contents.inline ?? '' } });
      this.origins.set(`${pointer}/contents/inline`, (offset) =>
        folder.document.placeInside(offset, ...path, 'contents', 'inline'),
      );
      return;
    }
    const place = folder.document.placeOf(...path, 'contents', 'local');
    const text = this.local(name, folder, contents.local, place);
    this.set(pointer, { contents: { inline: text } });
    this.origins.set(`${pointer}/contents/inline`, inFile(`ignition/${name}/${contents.local}`, text));
  }

  private tree(name: string, folder: IgnitionFolder, index: number, local: string, target: string): void {
    const prefix = local.endsWith('/') ? local : `${local}/`;
    const path = ['storage', 'trees', index] as const;
    const inside = [...folder.files.keys()].filter((file) => file.startsWith(prefix)).sort();
    if (inside.length === 0) this.missing(folder.document.placeOf(...path, 'local'), `ignition/${name}/${prefix}`);
    for (const file of inside) {
      const mode = folder.files.get(file)?.executable ? 0o755 : 0o644;
      const text = this.local(name, folder, file, folder.document.placeOf(...path, 'local'));
      const entry = { path: `${target.replace(/\/$/, '')}/${file.slice(prefix.length)}`, mode };
      const pointer = this.push('storage/files', folder.document, path, entry);
      this.set(pointer, { contents: { inline: text } });
      this.origins.set(`${pointer}/contents/inline`, inFile(`ignition/${name}/${file}`, text));
    }
  }

  private local(name: string, folder: IgnitionFolder, local: string, place: Place): string {
    const file = folder.files.get(local);
    if (!file) {
      this.missing(place, `ignition/${name}/${local}`);
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
  private push(
    list: ListName,
    document: SiteDocumentFile<unknown>,
    path: readonly (string | number)[],
    entry: Entry,
  ): string {
    const entries = this.entries.get(list) ?? [];
    this.entries.set(list, entries);
    const pointer = `/${list}/${entries.length}`;
    entries.push(entry);
    const name = String(entry.path ?? entry.name);
    const place = document.placeOf(...path);
    const key = list.startsWith('storage/') ? name : `${list}/${name}`;
    const other = this.taken.get(key);
    if (other) {
      const message = `${name} stands already at ${other.file}:${other.line}:${other.column}`;
      const hint = 'a role may say only once what a path, unit or user is';
      this.diagnostics.push({ rule: 'BERTH-504', severity: 'error', place, message, hint });
    } else this.taken.set(key, place);
    for (const [member] of Object.entries(entry)) {
      this.origins.set(`${pointer}/${member}`, (offset) => document.placeInside(offset, ...path, member));
    }
    return pointer;
  }

  private set(pointer: string, members: Entry): void {
    const [, section, name, index] = pointer.split('/');
    const entry = this.entries.get(`${section}/${name}` as ListName)?.[Number(index)];
    if (entry) Object.assign(entry, members);
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
