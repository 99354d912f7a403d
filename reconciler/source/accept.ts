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
import type { Oid } from './commit.ts';
import type { GitObjects } from './objects.ts';
import { SiteFilesError } from './site-files.ts';
import { siteIdAt } from './site-id.ts';
import { readTree } from './tree.ts';
import type { ApprovalSource } from './trust/approvals.ts';
import { type AcceptedCommit, authenticate, type Introduction } from './trust/authenticate.ts';
import { type Refusal, type RefusalCode, Refused, refuse, short } from './trust/refusal.ts';
import type { Revocation } from './trust/trust-set.ts';
import { trustSetDigest } from './trust/trust-set-digest.ts';

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
  readonly code: RefusalCode;
  readonly message: string;
}

/** `trustSet` says by what the head was judged, see {@link trustSetDigest}. */
export type Verdict =
  | { readonly ok: true; readonly trustSet: Digest; readonly head: AcceptedHead }
  | {
      readonly ok: false;
      readonly trustSet: Digest;
      /** What to do about it is part of the message: whoever is told may have nothing else to go by. */
      readonly refused: RefusedHead;
      /** The same, message and hint apart, for who can show them so. */
      readonly refusal?: Refusal;
    };

export interface AcceptRequest {
  readonly objects: GitObjects;
  readonly approvals?: ApprovalSource;
  readonly head: Oid;
  /**
   * What was accepted before, by this server and by the site: the head must descend from each, and be authentic from
   * each on. Null is the introduction: what this server has instead, until it has accepted something itself.
   */
  readonly accepted: readonly (Oid | null)[];
  /** By what that was judged. When the head has to be judged by something else, its history is, from the introduction on. */
  readonly judgedBy: Digest | null;
  readonly introduction: Introduction;
  /** Keys that this server has been told not to believe. */
  readonly revocations: readonly Revocation[];
  /** The site that this server belongs to: the history of another one is refused. */
  readonly siteId: string;
  /** Seconds since 1970. */
  readonly nowSeconds: number;
}

/** Judge a head. Nothing is changed. @throws {GitObjectError} when the local clone cannot be read */
export async function acceptHead(request: AcceptRequest): Promise<Verdict> {
  const trustSet = await trustSetDigest(request);
  try {
    return { ok: true, trustSet, head: await acceptedHead(request, trustSet) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { refusal } = error;
    const { commit, code, message, hint } = refusal;
    const refused = { commit, code, message: hint === '' ? message : `${message} (${hint})` };
    return { ok: false, trustSet, refused, refusal };
  }
}

async function acceptedHead(request: AcceptRequest, trustSet: Digest): Promise<AcceptedHead> {
  const { objects, head, accepted, judgedBy, introduction, siteId, approvals, revocations, nowSeconds } = request;
  const commits = new Map<Oid, AcceptedCommit>();
  const anew = judgedBy !== trustSet;
  for (const from of new Set(anew ? [...accepted, null] : accepted)) {
    const common = { from, to: head, reader: objects, introduction, revocations, nowSeconds };
    const result = await authenticate(approvals ? { ...common, approvals } : common);
    if (!result.ok) throw new Refused(result);
    for (const commit of result.commits) commits.set(commit.oid, commit);
    if (from === null) await refuseOtherSite(objects, introduction.commit, siteId);
  }
  const { compiled, diagnostics } = compileSite(await filesAt(objects, head));
  if (!compiled) {
    const [first, ...rest] = diagnostics.filter(isError);
    const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
    const message = `${first ? formatDiagnostic(first) : 'the site does not compile'}${more}`;
    return refuse(head, 'invalid-site', message, 'berth validate shows all of it');
  }
  const { site } = compiled.blueprint.site;
  if (site !== siteId)
    refuse(head, 'other-site', `the commit is of the site ${site}, this is ${siteId}`, otherSiteHint);
  return { commit: head, signer: commits.get(head)?.signer ?? null, commits: [...commits.values()], compiled };
}

const otherSiteHint = 'check the URL of the site repo, and that its branch was not overwritten from another one';

async function filesAt(objects: GitObjects, head: Oid): Promise<SiteFiles> {
  try {
    return await readTree(objects, head);
  } catch (error) {
    if (error instanceof SiteFilesError) return refuse(head, error.code, error.message, '');
    throw error;
  }
}

/** The history is bound to its site by the commit that it is introduced with. */
async function refuseOtherSite(objects: GitObjects, root: Oid, siteId: string): Promise<void> {
  const id = await siteIdAt(objects, root);
  if (id === siteId) return;
  const message = `the introduced commit ${short(root)} is of ${id === null ? 'no site' : `the site ${id}`}, this is ${siteId}`;
  refuse(root, 'other-site', message, otherSiteHint);
}
