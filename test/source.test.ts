// time limit: 240 s
// The checks of the source itself: `npm run check`, and that schema/types/ is what `npm run generate` writes.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generateTypes } from '../schema/generate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command of a package to its end; all that it printed when it found something, else undefined. */
function findingsOf(command: string, ...args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const file = path.join(root, 'node_modules', '.bin', command);
    execFile(file, args, { cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve(error === null ? undefined : `${stdout}${stderr}` || error.message);
    });
  });
}

/** Prints findings as they are: an assertion over them would show them three times. */
function printNone(findings: string | undefined): void {
  if (findings === undefined) return;
  console.log(`\n${findings}`);
  assert.unreachable('printed above');
}

// What the compiler found last time is kept, so that it looks only at what has changed.
const compilerMemory = path.join('node_modules', '.cache', 'berth', 'tsc.tsbuildinfo');

// Side by side, since each of them keeps one core busy.
const lint = findingsOf('biome', 'ci', '--colors=off', '.');
const types = findingsOf('tsc', '--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', compilerMemory);

test('lint and format: biome ci', async () => printNone(await lint));

test('types: tsc', async () => printNone(await types));

test('schema/types/ is current: npm run generate', async () => {
  const folder = path.join(root, 'schema', 'types');
  const generated = await generateTypes();
  assert.equal(readdirSync(folder).sort(), [...generated.keys()].sort());
  for (const [name, text] of generated) assert.fixture(readFileSync(path.join(folder, name), 'utf8'), text);
});

test.run();
