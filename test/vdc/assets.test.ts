import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import { readFolder } from '../../reconciler/source/folder.ts';
import { loadSite } from '../../schema/load.ts';
import type { Asset } from '../../schema/types/releases.ts';
import { pinnedAssets, standInAsset, standInName, standInPin, writeStandInAssets } from '../../vdc/assets.ts';

const example = fileURLToPath(new URL('../../examples/site-repo', import.meta.url));
const source = 'https://assets.example.com/system-1/vmlinuz';

const test = suite<{ folder: string }>('stand-in assets');

test.before.each(async (context) => {
  context.folder = await mkdtemp(path.join(os.tmpdir(), 'berth-assets-'));
});

test.after.each(({ folder }) => rm(folder, { recursive: true }));

test('every pin of the example site is that of its stand-in', async () => {
  const { site } = loadSite(await readFolder(example));
  assert.ok(site);
  const pins = pinnedAssets(site.releases.value);
  const sources = pins.map((pin) => pin.source.replace('https://assets.tokyo0.example.com', ''));
  assert.deepEqual(sources, [
    '/flatcar-4081.2.0/vmlinuz',
    '/flatcar-4081.2.0/initrd.cpio.gz',
    '/flatcar-4081.3.1/vmlinuz',
    '/flatcar-4081.3.1/initrd.cpio.gz',
    '/ipxe-1.21.1/ipxe.efi',
  ]);
  for (const pin of pins) assert.deepEqual(standInPin(pin.source, pin.sizeBytes), pin);
});

test('bytes follow from the name and have the size that is asked for', () => {
  for (const sizeBytes of [1, 65_535, 65_536, 65_537, 300_000]) {
    const bytes = Buffer.concat([...standInAsset('/a', sizeBytes)]);
    assert.equal(bytes.length, sizeBytes);
    assert.ok(bytes.equals(Buffer.concat([...standInAsset('/a', 400_000)]).subarray(0, sizeBytes)));
    assert.ok(!bytes.equals(Buffer.concat([...standInAsset('/b', sizeBytes)])));
  }
});

test('the name is the path of the source, so another server may serve the same file', () => {
  assert.equal(standInName(source), '/system-1/vmlinuz');
  assert.equal(standInPin(source, 10).sha256, standInPin('http://127.0.0.1:8080/system-1/vmlinuz', 10).sha256);
});

test('files are written under their digests, and only once', async ({ folder }) => {
  const pins = [standInPin(source, 70_000), standInPin(`${source}-2`, 5)];
  const written = await writeStandInAssets(folder, pins);
  assert.deepEqual([...written.keys()], [pins[0]?.sha256, pins[1]?.sha256]);
  assert.deepEqual((await readdir(folder)).sort(), [...written.keys()].sort());
  for (const [digest, file] of written) {
    assert.equal(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
      digest,
    );
  }
  const inodes = async () => Promise.all([...written.values()].map(async (file) => (await stat(file)).ino));
  const before = await inodes();
  await writeStandInAssets(folder, pins);
  assert.deepEqual(await inodes(), before);
});

test('a pin of a real file is refused, and nothing of it is left', async ({ folder }) => {
  const pin: Asset = { ...standInPin(source, 1000), sha256: 'ab'.repeat(32) };
  await assert.rejects(writeStandInAssets(folder, [pin]), { code: 'STAND_IN_MISMATCH', message: /is pinned to abab/ });
  assert.deepEqual(await readdir(folder), []);
});

test('an abort leaves nothing half-written, and what others left is not taken for a file', async ({ folder }) => {
  const pin = standInPin(source, 1000);
  await writeFile(path.join(folder, `${pin.sha256}.1.part`), 'half');
  const reason = new Error('stop');
  await assert.rejects(writeStandInAssets(folder, [pin], AbortSignal.abort(reason)), reason);
  assert.deepEqual(await readdir(folder), [`${pin.sha256}.1.part`]);
});

test.run();
