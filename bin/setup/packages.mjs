// The npm packages, by the lockfile, and the command `berth` among their commands.
import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { excerpt, findProgram, run } from './command.mjs';
import { SetupError } from './step.mjs';

/**
 * Whether node_modules/ has every package that the lockfile asks for, in the very version. npm writes down what it
 * installed when the last package is in place, so an install that was cut short does not pass. More packages than
 * asked for do no harm; optional ones that are missing are those of other platforms.
 * @param {string} root the checkout
 */
export function packagesAreCurrent(root) {
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  if (wanted === undefined) throw new SetupError('no-lockfile', 'package-lock.json is missing: check it out again.');
  return Object.entries(wanted).every(([place, want]) => {
    if (place === '') return true;
    const have = installed[place];
    if (have === undefined) return want.optional === true;
    return have.version === want.version && have.integrity === want.integrity;
  });
}

/**
 * Install what the lockfile says, and nothing else.
 * @param {string} root the checkout
 */
export async function installPackages(root) {
  if (findProgram('npm') === undefined) {
    throw new SetupError('no-npm', 'npm is missing: install it (it comes with Node.js), then run this again.');
  }
  const { ok, output } = await run(['npm', 'ci', '--include=dev', '--no-audit', '--no-fund'], { folder: root });
  if (!ok) throw new SetupError('npm-failed', `npm ci failed:\n${excerpt(output)}`);
}

/**
 * Whether `npx berth` finds the checkout's own berth. npm links the commands of packages, not the checkout's.
 * @param {string} root the checkout
 */
export function berthIsLinked(root) {
  const link = path.join(root, linkPath);
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(link) === linkTarget;
}

/** @param {string} root the checkout */
export function linkBerth(root) {
  const link = path.join(root, linkPath);
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(linkTarget, link);
}

const linkPath = 'node_modules/.bin/berth';
const linkTarget = '../../bin/berth.mjs';

/**
 * @param {string} file an npm lockfile
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | undefined} by place;
 *   undefined where there is no such file
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
