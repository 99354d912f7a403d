// A rendered Ignition config, taken apart: each file, unit and user as a text that people can read.

import { sha256 } from '../../../schema/canonical.ts';
import { printable } from '../../../schema/report/printable.ts';

type Entry = Readonly<Record<string, unknown>>;

/** What an entry of a list is called; lists of the Ignition spec (3.3.0) that are not here go by their own names. */
const nouns: Readonly<Record<string, string>> = {
  'ignition/version': 'version',
  'storage/files': 'file',
  'storage/directories': 'directory',
  'storage/links': 'link',
  'storage/disks': 'disk',
  'storage/filesystems': 'file system',
  'systemd/units': 'unit',
  'passwd/users': 'user',
  'passwd/groups': 'group',
};

/** @param config canonical JSON @returns texts by names such as `Ignition file /etc/motd` */
export function ignitionParts(config: string): [name: string, text: string][] {
  const parts: [string, string][] = [];
  for (const [section, value] of Object.entries(JSON.parse(config) as Readonly<Record<string, Entry>>)) {
    for (const [list, entries] of Object.entries(value)) {
      const noun = nouns[`${section}/${list}`] ?? `${section} ${list}`;
      if (!Array.isArray(entries)) parts.push([`Ignition ${noun}`, `${JSON.stringify(entries, null, 2)}\n`]);
      else for (const entry of entries as Entry[]) parts.push([`Ignition ${noun} ${nameOf(entry)}`, entryText(entry)]);
    }
  }
  return parts;
}

function nameOf({ path, name, device }: Entry): string {
  return String(path ?? name ?? device ?? '');
}

/** What the entry says beside its contents as lines of a header; then, after a blank line, the contents. */
function entryText({ path, name, device, contents, dropins, ...header }: Entry): string {
  const head = Object.entries(header).map(([key, value]) => `${key}: ${headerText(key, value)}\n`);
  const bodies = contents === undefined ? [] : [contentsText(contents)];
  for (const dropin of (dropins ?? []) as readonly Entry[]) {
    bodies.push(`drop-in ${nameOf(dropin)}:\n${contentsText(dropin.contents)}`);
  }
  return [...(head.length > 0 ? [head.join('')] : []), ...bodies].join('\n');
}

function headerText(key: string, value: unknown): string {
  if (key === 'mode' && typeof value === 'number') return value.toString(8).padStart(4, '0');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The text of a unit, or a file's contents: `{ source: <URL> }`. */
function contentsText(contents: unknown): string {
  if (typeof contents === 'string') return contents;
  const { source, ...others } = (contents ?? {}) as Entry;
  const bytes = typeof source === 'string' && Object.keys(others).length === 0 ? dataOf(source) : null;
  return bytes ? readable(bytes) : `${JSON.stringify(contents, null, 2)}\n`;
}

/** The bytes of a data URL (RFC 2397); null for any other. */
function dataOf(url: string): Uint8Array | null {
  const [, base64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (!url.startsWith('data:')) return null;
  return base64 === undefined ? Buffer.from(decodeURIComponent(data)) : Buffer.from(data, 'base64');
}

function readable(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not text.
  }
  return printable(`binary, ${bytes.length} bytes, sha256 ${sha256(bytes)}`);
}
