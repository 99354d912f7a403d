// Which site repo and which of its secrets is meant by what stands on the command line.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isSecretFile } from '../../../schema/secret-files.ts';
import { CliError } from '../cli-error.ts';

/**
 * The folder of the site repo that a path is in, whether or not anything lies there yet.
 * @throws {CliError} when it is in none
 */
export function siteAbove(target: string): string {
  const start = path.resolve(target);
  for (let above = start; ; above = path.dirname(above)) {
    if (existsSync(path.join(above, 'site.yaml'))) return path.relative('.', above) || '.';
    if (above === path.dirname(above)) {
      throw new CliError(
        `${target === '.' ? 'this folder' : target} is in no site repo: there is no site.yaml above it`,
      );
    }
  }
}

/**
 * The path in the site repo of a secret that is named as seen from here, from the site repo, or by its name alone:
 * `my-site/secrets/bmc.age`, `secrets/bmc.age`, `bmc`.
 * @throws {CliError} when no secret can have the name
 */
export function secretPath(root: string, target: string): string {
  const fromHere = path.relative(root, target).split(path.sep).join('/');
  const found = [fromHere, path.posix.normalize(target), path.posix.join('secrets', target)]
    .flatMap((name) => [name, `${name}.age`])
    .find(isSecretFile);
  if (found === undefined) throw new CliError(`${target}: secrets are called secrets/<name>.age, in lower case`);
  return found;
}
