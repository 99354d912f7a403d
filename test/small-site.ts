// A site small enough to come up in a blink: the example with few machines in each rack, and files of some kilobytes.
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type CompiledSite, compileSite } from '../reconciler/source/accept.ts';
import { readFolder } from '../reconciler/source/folder.ts';
import type { SiteFiles } from '../schema/load.ts';
import { keys } from '../schema/state/keys.ts';
import type { Kv } from '../schema/state/kv.ts';
import { putObjects } from '../schema/state/objects.ts';
import { putRecord, readRecord, records } from '../schema/state/records.ts';
import type { ReleasesDocument } from '../schema/types/releases.ts';
import type { Target } from '../schema/types/target.ts';
import { standInAsset, standInName, standInPin } from '../vdc/assets.ts';

const example = fileURLToPath(new URL('../examples/site-repo', import.meta.url));

/** In each rack two compute servers and a storage server; the one machine with a line of its own stays too. */
const keptSlots = [4, 5, 10];
const oldSystem = 'flatcar-4081.2.0';
export const newSystem = 'flatcar-4081.3.1';
/** Where nobody is: files come from a mirror, and a source that is asked refuses at once. */
const source = (path: string): string => `http://127.0.0.1:1/${path}`;

export async function smallSite(): Promise<SiteFiles> {
  const files = new Map(await readFolder(example));
  for (const [name, file] of files) {
    if (!name.startsWith('racks/')) continue;
    const lines = Buffer.from(file.bytes).toString().split('\n');
    const kept = lines.filter((line) => {
      const slot = /slot: (\d+),/.exec(line)?.[1];
      return slot === undefined || keptSlots.includes(Number(slot));
    });
    files.set(name, { bytes: Buffer.from(kept.join('\n')), executable: false });
  }
  const { kubernetes, images } = parse(
    Buffer.from(files.get('releases.yaml')?.bytes ?? '').toString(),
  ) as ReleasesDocument;
  const pins = {
    // Nothing fetches these yet.
    ...{ kubernetes, images },
    os: Object.fromEntries(
      [oldSystem, newSystem].map((system, index) => [
        system,
        {
          ...(system === newSystem ? { staged: true } : {}),
          kernel: standInPin(source(`${system}/vmlinuz`), 20_000 + index),
          initrd: standInPin(source(`${system}/initrd.cpio.gz`), 30_000 + index),
        },
      ]),
    ),
    bootPrograms: { x64: standInPin(source('ipxe-1.21.1/ipxe.efi'), 3_000) },
  };
  return withFile(files, 'releases.yaml', JSON.stringify(pins));
}

/** The bytes of every file that {@link smallSite} pins, by digest. */
export function smallSiteAssets({ site }: CompiledSite): Map<string, Buffer> {
  const { os, bootPrograms } = site.releases.value;
  const pins = [bootPrograms.x64, ...Object.values(os).flatMap(({ kernel, initrd }) => [kernel, initrd])];
  return new Map(
    pins.map((pin) => [pin.sha256, Buffer.concat([...standInAsset(standInName(pin.source), pin.sizeBytes)])]),
  );
}

export function withFile(files: SiteFiles, name: string, text: string): SiteFiles {
  return new Map([...files, [name, { bytes: Buffer.from(text), executable: false }]]);
}

/** @param changes pairs: each first text becomes the second @throws {Error} when the file does not have such a text */
export function edited(files: SiteFiles, name: string, ...changes: readonly string[]): SiteFiles {
  let text = Buffer.from(files.get(name)?.bytes ?? '').toString();
  for (let index = 0; index < changes.length; index += 2) {
    const [from = '', to = ''] = changes.slice(index);
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    text = text.replace(from, to);
  }
  return withFile(files, name, text);
}

/** The compute servers' role with the newer operating system: four racks with two machines each have to restart. */
export function withNewSystem(files: SiteFiles): SiteFiles {
  return edited(files, 'roles/cs.yaml', `os: ${oldSystem}`, `os: ${newSystem}`);
}

export function compiled(files: SiteFiles): CompiledSite {
  const { compiled: site, diagnostics } = compileSite(files);
  if (!site) throw new Error(`the site does not compile: ${diagnostics[0]?.message}`);
  return site;
}

/** Write a site as the next generation, as the leader would: objects first, then the target. */
export async function publishSite(kv: Kv, { blueprint, objects }: CompiledSite): Promise<Target> {
  await putObjects(kv, objects, []);
  const entry = await kv.get(keys.target);
  const before = entry ? readRecord(records.target, entry) : null;
  const target: Target = {
    generation: (before?.generation ?? 0) + 1,
    root: blueprint.root,
    commit: 'c'.repeat(40),
    parent: before?.root ?? null,
    acceptedAt: new Date().toISOString(),
  };
  await kv.commit({ when: [], put: [putRecord(records.target, target)] });
  return target;
}
