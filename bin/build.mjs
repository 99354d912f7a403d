// Builds the CLI into dist/: `npm run build`. Plain JavaScript, since it runs before there is anything to compile with.
//
// cli.js and its chunks, with source maps, are all that dist/ holds. A chunk's name carries its digest and cli.js is
// renamed into place after the chunks that it imports, so whoever starts berth during a build gets the old one or
// the new one, whole. The last line of cli.js names the sources that it was built from.
import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whatever the build reads, relative to the checkout. */
const sourcePaths = [
  'schema',
  'renderers',
  'bootsvc',
  'reconciler',
  'vdc',
  'bin/build.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

const stampPrefix = '// built from ';

/** A process started from an earlier build may still have a chunk of it to load. */
const keepOldChunksMilliseconds = 24 * 60 * 60 * 1000;

/**
 * SHA-256 over the paths and bytes of all sources. By content, not by time: a checkout of another branch and back
 * builds nothing.
 * @param {string} root the checkout
 * @returns {string} lower-case hex
 */
export function sourceDigest(root) {
  const hash = createHash('sha256');
  for (const file of sourcePaths.flatMap((source) => filesUnder(root, source))) {
    const bytes = readFileSync(path.join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * The sources that dist/cli.js was built from.
 * @param {string} root the checkout
 * @returns {string | undefined} as {@link sourceDigest} gives it; undefined where there is no build
 */
export function builtDigest(root) {
  let file;
  try {
    file = openSync(path.join(root, 'dist', 'cli.js'), 'r');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const tail = Buffer.alloc(stampPrefix.length + 64 + 1);
    const length = readSync(file, tail, 0, tail.length, Math.max(0, fstatSync(file).size - tail.length));
    const line = tail.toString('utf8', 0, length);
    return line.startsWith(stampPrefix) ? line.slice(stampPrefix.length).trimEnd() : undefined;
  } finally {
    closeSync(file);
  }
}

/**
 * Packages that commands of people load. Bundled, each is read in a tenth to a third of the time that its many files
 * take. All others stay in node_modules/.
 */
const bundledPackages = ['ajv', 'commander', 'isomorphic-git', 'yaml'];

/** Leaves a package where it is, unless it is to be bundled. */
const packagesOutside = {
  name: 'packages-outside',
  setup({ onResolve }) {
    // Paths, absolute ones on Windows included, are no names of packages.
    onResolve({ filter: /^[^./]/ }, ({ path: name, kind, importer }) => {
      if (kind === 'entry-point' || path.isAbsolute(name)) return undefined;
      const isOurs = !importer.split(path.sep).includes('node_modules');
      return isOurs && !bundledPackages.includes(name.split('/')[0]) ? { path: name, external: true } : undefined;
    });
  },
};

/**
 * Puts the code of the documents' validators in the place of schema/validators.ts, which has Ajv compile them in each
 * run of the program.
 */
const compiledValidators = {
  name: 'compiled-validators',
  setup({ onLoad, initialOptions, esbuild }) {
    onLoad({ filter: /[\\/]schema[\\/]validators\.ts$/ }, async ({ path: file }) => {
      const { outputFiles } = await esbuild.build({
        absWorkingDir: initialOptions.absWorkingDir,
        entryPoints: ['schema/validators-code.ts'],
        bundle: true,
        format: 'esm',
        platform: 'node',
        write: false,
        logLevel: 'warning',
      });
      const program = Buffer.from(outputFiles[0].contents).toString('base64');
      const { validatorsCode } = await import(`data:text/javascript;base64,${program}`);
      return { contents: validatorsCode(), loader: 'js', resolveDir: path.dirname(file) };
    });
  },
};

/** What is bundled of CommonJS may ask for a module of Node by `require`, which modules of ECMAScript do not have. */
const requireBanner =
  "import { createRequire as berthRequire } from 'node:module';const require = berthRequire(import.meta.url);";

/**
 * How programs are made of the sources, in the terms of esbuild. What esbuild finds wrong it says on stderr itself, with
 * the place.
 * @param {string} root the checkout
 * @param {string} digest as {@link sourceDigest} gives it; the program knows itself by it (reconciler/program.ts)
 */
export function bundleOptions(root, digest) {
  return {
    absWorkingDir: root,
    bundle: true,
    plugins: [packagesOutside, compiledValidators],
    banner: { js: requireBanner },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    define: { BERTH_SOURCES: JSON.stringify(digest) },
    logLevel: 'warning',
  };
}

/**
 * Build reconciler/cli/cli.ts into dist/.
 * @param {string} root the checkout
 * @throws {Error} where there is anything wrong
 */
export async function build(root) {
  const digest = sourceDigest(root);
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    ...bundleOptions(root, digest),
    entryPoints: { cli: 'reconciler/cli/cli.ts' },
    outdir: 'dist',
    chunkNames: 'chunk-[name]-[hash]',
    splitting: true,
    write: false,
  });
  await esbuild.stop();

  const dist = path.join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  const entry = path.join(dist, 'cli.js');
  for (const file of outputFiles) if (file.path !== entry) replaceFile(file.path, file.contents);
  for (const file of outputFiles) if (file.path === entry) replaceFile(entry, `${file.text}${stampPrefix}${digest}\n`);
  removeOldChunks(dist, new Set(outputFiles.map((file) => path.basename(file.path))));
}

/** All files at or under a path, sorted; none where there is no such path. */
function filesUnder(root, relative) {
  const status = statSync(path.join(root, relative), { throwIfNoEntry: false });
  if (status === undefined) return [];
  if (status.isFile()) return [relative];
  const names = readdirSync(path.join(root, relative)).sort();
  return names.flatMap((name) => filesUnder(root, `${relative}/${name}`));
}

/** Readers see the old file or the new one, never a part; two builds at a time don't meet. */
function replaceFile(file, contents) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, file);
}

function removeOldChunks(dist, current) {
  for (const name of readdirSync(dist)) {
    if (current.has(name)) continue;
    const file = path.join(dist, name);
    const status = statSync(file, { throwIfNoEntry: false });
    if (status && Date.now() - status.mtimeMs > keepOldChunksMilliseconds) rmSync(file, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build(fileURLToPath(new URL('..', import.meta.url)));
}
