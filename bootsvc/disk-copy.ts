// The last generation that was served, kept on disk: with it the service answers when everything else is gone.
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type BootBlueprint, readBootBlueprint } from '../renderers/blueprint.ts';
import { canonicalJson, type Digest, sha256 } from '../schema/canonical.ts';
import { decodeObject } from '../schema/state/blueprint-object.ts';
import { decode, encode, records } from '../schema/state/records.ts';
import type { Target } from '../schema/types/target.ts';

const fileName = 'generation.jsonl';

/**
 * Write a generation as lines of JSON: its target, then its objects. The file is replaced as a whole, after its bytes
 * have reached the disk.
 */
export async function saveDiskCopy(folder: string, target: Target, blueprint: BootBlueprint): Promise<void> {
  await mkdir(folder, { recursive: true });
  const partial = path.join(folder, `${fileName}.partial`);
  const file = await open(partial, 'w');
  try {
    await file.writeFile(`${encode(records.target, target)}\n`);
    const { site, releases, ignition, racks, machines } = blueprint;
    const objects = [site, releases, ...ignition.values(), ...racks.values(), ...machines.values()];
    await file.writeFile(objects.map((object) => `${canonicalJson(object)}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, path.join(folder, fileName));
}

/** Forget the copy: a restart begins with nothing. */
export async function removeDiskCopy(folder: string): Promise<void> {
  await rm(path.join(folder, fileName), { force: true });
}

export interface DiskCopy {
  readonly target: Target;
  readonly blueprint: BootBlueprint;
}

/**
 * Read the copy back, every object checked against its digest.
 * @returns null when there is none
 * @throws {Error} when it is damaged
 */
export async function loadDiskCopy(folder: string): Promise<DiskCopy | null> {
  await rm(path.join(folder, `${fileName}.partial`), { force: true });
  let text: string;
  try {
    text = await readFile(path.join(folder, fileName), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const [head = '', ...lines] = text.split('\n');
  const target = decode(records.target, head);
  const texts = new Map<Digest, string>();
  for (const line of lines) if (line !== '') texts.set(sha256(line), line);
  const blueprint = await readBootBlueprint(target.root, async (digests) => {
    return new Map(digests.map((digest) => [digest, decodeObject(digest, texts.get(digest) ?? '')]));
  });
  return { target, blueprint };
}
