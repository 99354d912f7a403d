// A whole site in a repository of a corpus: what a head must be for a boot server to act on it.

import { seal } from '../../../../../reconciler/secrets/seal.ts';
import type { Oid } from '../../../../../reconciler/source/commit.ts';
import { parseAgeRecipient } from '../../../../../schema/age-recipient.ts';
import type { TestKey } from '../../../../git.ts';
import { edited, smallSite } from '../../../../small-site.ts';
import type { World } from './world.ts';

/** The id of the site in {@link introduceSite}. */
export const siteId = 'tokyo0';

let files: ReturnType<typeof smallSite> | undefined;

/** As {@link World.introduce}, with all that a site needs. */
export async function introduceSite(world: World, id = siteId): Promise<Oid> {
  files ??= smallSite();
  for (const [path, { bytes }] of edited(await files, 'site.yaml', `site: ${siteId}`, `site: ${id}`))
    world.write(path, bytes);
  return world.introduce();
}

/** A secret, sealed to a key of SSH, and the list that says so; not committed yet. */
export async function writeSecret(world: World, recipient: TestKey): Promise<void> {
  const { name, publicKey } = recipient;
  world.write('trust/recipients.yaml', JSON.stringify({ recipients: [{ name, key: publicKey, servers: true }] }));
  world.write('secrets/token.age', await seal(Buffer.from('hush'), [parseAgeRecipient(publicKey)], true));
}
