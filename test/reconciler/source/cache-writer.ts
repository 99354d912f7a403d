// A process that writes into a cache, for tests that need another one:
//
//   cache-writer.ts <folder> <entries> <bytes of each> <rounds>
//
// Each entry is one letter many times over, another one in every round. At the end it says what it can read of them.
import { DiskCache } from '../../../reconciler/source/disk-cache.ts';

const [folder = '', entries, sizeBytes, rounds] = process.argv.slice(2);
const cache = DiskCache.open({ folder, version: 'test' });
if (!cache) throw new Error(`${folder} cannot be had`);
for (let round = 0; round < Number(rounds); round++) {
  const letter = String.fromCharCode(97 + ((process.pid + round) % 26));
  for (let entry = 0; entry < Number(entries); entry++)
    cache.set('letters', `${entry}`, letter.repeat(Number(sizeBytes)));
}
const found = Array.from({ length: Number(entries) }, (_, entry) => cache.get('letters', `${entry}`)?.length ?? null);
process.stdout.write(JSON.stringify(found));
