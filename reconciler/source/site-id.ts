// The site that a commit belongs to, as it says itself: read without the rest of the site, which may be out of order.
import { parseDocument } from '../../schema/document.ts';
import { type Oid, parseCommit } from './commit.ts';
import { blobAt, type GitObjects } from './objects.ts';

/** The site that a commit says it is of; null where it says none. */
export async function siteIdAt(objects: GitObjects, commit: Oid): Promise<string | null> {
  const { tree } = parseCommit(await objects.commit(commit));
  const blob = await blobAt(objects, tree, 'site.yaml');
  const document = blob === null ? null : parseDocument('site.yaml', await objects.blob(blob)).document;
  const id = (document?.value as { readonly site?: unknown } | undefined)?.site;
  return typeof id === 'string' ? id : null;
}
