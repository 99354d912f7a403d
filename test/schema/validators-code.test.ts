// time limit: 180 s
// The validators of the built program, which are code that Ajv wrote for it, beside those that Ajv compiles at run time:
// whatever is wrong with a site, both say the same of it.
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build, stop } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSite, type SiteFiles } from '../../schema/load.ts';
import { brokenSites } from './broken-site/broken-site.ts';
import { damagedSites } from './damaged-sites.ts';
import { changed, example } from './example-site.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'berth-validators-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** bin/build.mjs, which is plain JavaScript. */
interface BuildModule {
  bundleOptions(root: string, digest: string): BuildOptions;
}

const { bundleOptions } = (await import(`${root}bin/build.mjs`)) as BuildModule;
// For the packages that are not bundled.
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
const outfile = join(folder, 'load.mjs');
await build({ ...bundleOptions(root, 'test'), entryPoints: ['schema/load.ts'], outfile });
await stop();
const built = (await import(pathToFileURL(outfile).href)) as { readonly loadSite: typeof loadSite };

test('there is no compiler of schemas in the built program', () => {
  const text = readFileSync(outfile, 'utf8');
  assert.not.match(text, /node_modules\/ajv\/dist\/(core|2020|compile\/index|vocabularies)/);
  assert.match(text, 'node_modules/ajv/dist/runtime/ucs2length');
});

/** Of how many sites something was found by a validator. */
function compare(sites: Iterable<SiteFiles>): number {
  let found = 0;
  for (const files of sites) {
    const { diagnostics } = loadSite(files);
    assert.equal(built.loadSite(files).diagnostics, diagnostics);
    if (diagnostics.some(({ rule }) => /BERTH-(005|006|007|008|012)/.test(rule))) found += 1;
  }
  return found;
}

test('sites that are broken in one way each', async () => {
  const sites = (await brokenSites()).map(({ before, change }) =>
    changed(changed(example, ...(before ?? [])), ...change),
  );
  const found = compare([example, ...sites]);
  assert.ok(found > 4, String(found));
});

test('sites with random damage', () => {
  assert.ok(compare([...damagedSites(200)].map(({ files }) => files)) > 40);
});

test.run();
