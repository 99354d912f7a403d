// A head of the site repo → what is accepted of it: authenticated, whole, keeping every rule, and compiled.
import { createHash } from 'node:crypto';
import type { Blueprint } from '../../renderers/blueprint.ts';
import { compile } from '../../renderers/compile.ts';
import type { RackCache } from '../../renderers/compiled-rack.ts';
import type { Digest } from '../../schema/canonical.ts';
import { compareDiagnostics, type Diagnostic, formatDiagnostic, isError } from '../../schema/diagnostic.ts';
import { blobId, type DocumentCache } from '../../schema/document-cache.ts';
import { loadSite, type Site, type SiteFiles } from '../../schema/load.ts';
import { checkRules, checkTransitions } from '../../schema/rules/rules.ts';
import { type AcceptedCommit, authenticate, type Introduction } from './authenticate.ts';
import type { Oid } from './commit.ts';
import type { GitObjects } from './objects.ts';
import { SiteFilesError } from './site-files.ts';
import { readTree } from './tree.ts';

/** A site that may be acted on. */
export interface CompiledSite {
  readonly site: Site;
  readonly blueprint: Blueprint;
  /** Canonical JSON of each object of the blueprint, by digest. */
  readonly objects: ReadonlyMap<Digest, string>;
}

/** A site that may be acted on, null when there are errors; and all that was found, warnings too. */
export interface Compilation {
  readonly compiled: CompiledSite | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Sites of which it is known that they break no rule. */
export interface VerdictCache {
  /** @param key a digest over every path, mode and content of the site */
  isSound(key: Digest): boolean;
  setSound(key: Digest): void;
}

/**
 * Files → compiled site, and what is wrong with them.
 * @param base the site that these files are to follow, if it is known: then what may not become of it is found, too
 * @param cache of what was read and compiled before; the result is the same with any, and without
 */
export function compileSite(
  files: SiteFiles,
  base: Site | null = null,
  cache: (DocumentCache & RackCache & VerdictCache) | null = null,
): Compilation {
  const { site, diagnostics: unread } = loadSite(files, cache);
  if (!site) return { compiled: null, diagnostics: unread };
  const broken = cache && unread.length === 0 ? brokenRules(site, cache) : checkRules(site);
  const found = [...unread, ...broken, ...(base ? checkTransitions(base, site) : [])];
  if (found.some(isError)) return { compiled: null, diagnostics: found.sort(compareDiagnostics) };
  const result = compile(site, cache);
  const { blueprint, diagnostics } = result;
  const compiled = blueprint && {
    site,
    blueprint,
    get objects() {
      return result.objects;
    },
  };
  return { compiled, diagnostics: [...found, ...diagnostics].sort(compareDiagnostics) };
}

/** What breaks rules in a site that was read without a finding. That there is none is remembered, and nothing else. */
function brokenRules(site: Site, cache: VerdictCache): readonly Diagnostic[] {
  const key = digestOf(site.files);
  if (cache.isSound(key)) return [];
  const found = checkRules(site);
  if (found.length === 0) cache.setSound(key);
  return found;
}

function digestOf(files: SiteFiles): Digest {
  const entries = [...files].map(([path, { executable, bytes }]) => [path, executable, blobId(bytes)]);
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}

export interface AcceptedHead {
  readonly commit: Oid;
  /** Who signed the head; null when it had been accepted before. */
  readonly signer: string | null;
  /** What is new since the last accepted commit, oldest first. */
  readonly commits: readonly AcceptedCommit[];
  readonly compiled: CompiledSite;
}

export interface RefusedHead {
  /** The commit at fault, which may be an ancestor of the head. */
  readonly commit: Oid;
  readonly code: string;
  readonly message: string;
}

export type Verdict =
  | { readonly ok: true; readonly head: AcceptedHead }
  | { readonly ok: false; readonly refused: RefusedHead };

export interface AcceptRequest {
  readonly objects: GitObjects;
  readonly head: Oid;
  /**
   * What was accepted before, by this server and by the site: the head must descend from each, and be authentic from
   * each on. Null is the introduction: what this server has instead, until it has accepted something itself.
   */
  readonly accepted: readonly (Oid | null)[];
  readonly introduction: Introduction;
  /** The site that this server belongs to: the history of another one is refused. Null before the first commit. */
  readonly siteId: string;
}

/** Judge a head. Nothing is changed. @throws when the local clone cannot be read */
export async function acceptHead(request: AcceptRequest): Promise<Verdict> {
  const { objects, head, accepted, introduction, siteId } = request;
  const commits = new Map<Oid, AcceptedCommit>();
  for (const from of new Set(accepted)) {
    const result = await authenticate({ from, to: head, reader: objects, introduction });
    if (!result.ok) return refused(result.commit, result.code, `${result.message} (${result.hint})`);
    for (const commit of result.commits) commits.set(commit.oid, commit);
  }
  let files: SiteFiles;
  try {
    files = await readTree(objects, head);
  } catch (error) {
    if (error instanceof SiteFilesError) return refused(head, error.code, error.message);
    throw error;
  }
  const { compiled, diagnostics } = compileSite(files);
  if (!compiled) {
    const [first, ...rest] = diagnostics.filter(isError);
    const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
    return refused(head, 'invalid-site', `${first ? formatDiagnostic(first) : 'the site does not compile'}${more}`);
  }
  if (compiled.blueprint.site.site !== siteId) {
    return refused(head, 'other-site', `the commit is of the site ${compiled.blueprint.site.site}, this is ${siteId}`);
  }
  return {
    ok: true,
    head: { commit: head, signer: commits.get(head)?.signer ?? null, commits: [...commits.values()], compiled },
  };
}

function refused(commit: Oid, code: string, message: string): Verdict {
  return { ok: false, refused: { commit, code, message } };
}
