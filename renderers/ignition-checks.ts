// What is wrong with a role's Ignition and shows without filling in its templates: units, scripts, modes, what disks are
// mounted over. All of it would be found on a machine only, after it has restarted.
import { posix } from 'node:path';
import type { Diagnostic } from '../schema/diagnostic.ts';
import type { SiteDocumentFile } from '../schema/document.ts';
import type { RoleDocument } from '../schema/types/role.ts';
import { checkUnits, commandTexts, type PlaceAt, programsOf, type Unit } from './unit-checks.ts';

interface Folder {
  readonly path: string;
  /** Permission bits; Ignition's default where it is not said. */
  readonly mode?: number;
}

interface File extends Folder {
  readonly contents: { readonly inline: string };
}

/** Those members of an Ignition source's config that are looked at. */
interface CheckedConfig {
  readonly storage?: {
    readonly directories?: readonly Folder[];
    readonly files?: readonly File[];
    readonly links?: readonly { readonly path: string }[];
  };
  readonly systemd?: { readonly units?: readonly Unit[] };
}

/**
 * Check a role's Ignition.
 * @param config an Ignition source's, its templates not filled in
 */
export function checkIgnition(
  config: object,
  role: SiteDocumentFile<RoleDocument>,
  placeAt: PlaceAt,
): readonly Diagnostic[] {
  const checked = config as CheckedConfig;
  return [
    ...checkMounts(checked, role),
    ...checkUnits(checked.systemd?.units ?? [], placeAt),
    ...checkScripts(checked, placeAt),
    ...checkModes(checked, placeAt),
    ...checkPrograms(checked, placeAt),
  ];
}

/** Folders without which a machine's system is none. */
const systemFolders = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/run', '/sbin', '/sys', '/usr'];

/** What is mounted hides what lies below; Ignition has written it before. */
function* checkMounts(config: CheckedConfig, role: SiteDocumentFile<RoleDocument>): Generator<Diagnostic> {
  const paths = pathsOf(config);
  for (const [index, { filesystem }] of (role.value.disks ?? []).entries()) {
    if (!filesystem) continue;
    const mount = posix.normalize(filesystem.mount);
    const below = (path: string) => path === mount || path.startsWith(`${mount}/`);
    const hidden =
      systemFolders.find(below) ?? paths.find(({ path, folder }) => below(path) && !(folder && path === mount))?.path;
    if (hidden === undefined) continue;
    const what = systemFolders.includes(hidden) ? 'which is of the system' : 'which its Ignition makes';
    yield {
      rule: 'BERTH-416',
      severity: 'error',
      place: role.placeOf('disks', index, 'filesystem', 'mount'),
      message: `a disk that is mounted at ${mount} hides ${hidden}, ${what}`,
      hint: 'mount it elsewhere, or keep on it what it would hide',
    };
  }
}

/** Files that a shell reads, and settings that begin with the program that reads them. */
const readOnly = /^\/etc\/(profile\.d|bash_completion\.d)\/|\.(conf|nft|rules)$/;

/** The kernel runs a file that is executable and begins with #!; contents are text, so no other program can be one. */
function* checkScripts(config: CheckedConfig, placeAt: PlaceAt): Generator<Diagnostic> {
  for (const [index, { path, mode, contents }] of (config.storage?.files ?? []).entries()) {
    const text = contents.inline;
    // An empty file may be one that is missing, which BERTH-502 says; a template can become anything.
    if (text === '' || text.startsWith('{{')) continue;
    const script = text.startsWith('#!');
    const executable = ((mode ?? 0) & 0o111) !== 0;
    if (script === executable || (script && (readOnly.test(path) || isReadBy(config, path)))) continue;
    const place = placeAt(`/storage/files/${index}/contents/inline`, 0);
    const common = { rule: 'BERTH-512', severity: 'warning', place } as const;
    yield script
      ? {
          ...common,
          message: `${path} begins with #!, but nobody may execute it`,
          hint: 'say mode: "0755"; in a tree, make the file executable in Git (git update-index --chmod=+x)',
        }
      : {
          ...common,
          message: `${path} is executable, but does not begin with #!`,
          hint: 'begin it with the program that runs it, such as #!/bin/sh, or take the right to execute it away',
        };
  }
}

/** Whether a unit or another file gives a script to its interpreter: `sh /opt/x`, `. /opt/x`, `awk -f /opt/x`. */
function isReadBy(config: CheckedConfig, path: string): boolean {
  const reader = /(^|[\s;&|("'=/-])(\.|source|\w*sh|python[\d.]*|perl|ruby)([ \t]+-[\w-]+)*[ \t]+["']?$|[ \t]-f[ \t]*$/;
  return mentions(config, path).some((before) => reader.test(before));
}

/** What stands before each mention of a path, in the commands of units and in files. */
function mentions({ storage = {}, systemd = {} }: CheckedConfig, path: string): readonly string[] {
  const texts = [...commandTexts(systemd.units ?? []), ...(storage.files ?? []).map(({ contents }) => contents.inline)];
  const found: string[] = [];
  for (const text of texts) {
    for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
      if (!/^[\w.-]/.test(text.slice(at + path.length))) found.push(text.slice(Math.max(0, at - 80), at));
    }
  }
  return found;
}

/** Modes that nobody means; often they are numbers that were written in decimal. */
function* checkModes({ storage = {} }: CheckedConfig, placeAt: PlaceAt): Generator<Diagnostic> {
  for (const list of ['directories', 'files'] as const) {
    for (const [index, { path, mode }] of (storage[list] ?? []).entries()) {
      const why = mode === undefined ? null : oddMode(mode, list === 'directories');
      if (mode === undefined || why === null) continue;
      const octal = mode.toString(8).padStart(4, '0');
      yield {
        rule: 'BERTH-513',
        severity: 'warning',
        place: placeAt(`/storage/${list}/${index}/mode`, 0),
        message: `with mode ${octal}, ${why} ${path}`,
        hint: list === 'files' ? 'mostly "0644" is meant, or "0755" for programs' : 'mostly "0755" is meant',
      };
    }
  }
}

function oddMode(mode: number, folder: boolean): string | null {
  const [owner, group, others] = [(mode >> 6) & 7, (mode >> 3) & 7, mode & 7];
  if ((others & 2) !== 0) return 'everybody may write to';
  if ((group & ~owner) !== 0 || (others & ~owner) !== 0) return 'others may do more than the owner with';
  if (folder && (owner & 1) === 0) return 'not even the owner may enter';
  return null;
}

/** Folders in which programs come with the system. */
const systemPrograms = /^\/(usr\/|bin\/|sbin\/|lib(64)?\/|etc\/)/;

/** A program that is to lie where the role puts others, and does not; unless something else puts it there. */
function* checkPrograms(config: CheckedConfig, placeAt: PlaceAt): Generator<Diagnostic> {
  const paths = pathsOf(config).filter(({ folder }) => !folder);
  const made = new Set(paths.map(({ path }) => path));
  const folders = new Set(paths.map(({ path }) => posix.dirname(path)));
  const templates = paths.flatMap(({ path }) => (path.includes('{{') ? [path.slice(0, path.indexOf('{{'))] : []));
  for (const { path, pointer, offset } of programsOf(config.systemd?.units ?? [])) {
    if (made.has(path) || !folders.has(posix.dirname(path)) || systemPrograms.test(path)) continue;
    if (templates.some((start) => path.startsWith(start)) || isPutBy(config, path)) continue;
    yield {
      rule: 'BERTH-514',
      severity: 'warning',
      place: placeAt(pointer, offset),
      message: `nothing puts ${path} there, though the role makes other files in ${posix.dirname(path)}`,
      hint: 'add it to storage.files, or correct the path',
    };
  }
}

/** Whether a program that makes files is told the path: `curl -o /opt/bin/x`, `install x /opt/bin/x`. */
function isPutBy(config: CheckedConfig, path: string): boolean {
  const maker = /\b(curl|wget|cp|mv|ln|install|tar|unzip|tee|dd|podman|docker|ctr|nerdctl)\b[^\n;]*$|>[ \t]*["']?$/;
  return mentions(config, path).some((before) => maker.test(before));
}

function pathsOf({ storage = {} }: CheckedConfig): readonly { path: string; folder: boolean }[] {
  const { directories = [], files = [], links = [] } = storage;
  return [
    ...directories.map(({ path }) => ({ path, folder: true })),
    ...[...files, ...links].map(({ path }) => ({ path, folder: false })),
  ];
}
