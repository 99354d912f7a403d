// A tree of files → Site. Each file is parsed and checked against the schema of its kind; rules across documents come
// after, in rules/.
import { looksSealed } from './age-header.ts';
import { compareDiagnostics, type Diagnostic, isError } from './diagnostic.ts';
import {
  type DocumentsResult,
  parseDocument,
  parseDocuments,
  rememberedDocument,
  type SiteDocumentFile,
} from './document.ts';
import { blobId, type DocumentCache } from './document-cache.ts';
import type { DocumentKinds } from './document-kinds.ts';
import { isSecretFile } from './secret-files.ts';
import { suggest } from './suggest.ts';
import { filesOfTrust } from './trust/trusted-keys.ts';
import type { ClusterDocument } from './types/cluster.ts';
import type { IgnitionDocument } from './types/ignition.ts';
import type { RackDocument } from './types/rack.ts';
import type { RecipientsDocument } from './types/recipients.ts';
import type { ReleasesDocument } from './types/releases.ts';
import type { ResourceDocument } from './types/resource.ts';
import type { RoleDocument } from './types/role.ts';
import type { SignersDocument } from './types/signers.ts';
import type { SiteDocument } from './types/site.ts';
import { validateDocument } from './validate.ts';

/** One file of a site repo. */
export interface SiteFile {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** A site repo by path, with `/` between folders. */
export type SiteFiles = ReadonlyMap<string, SiteFile>;

/** A folder of ignition/: its document and what lies beside it, by path in the folder. */
export interface IgnitionFolder {
  readonly document: SiteDocumentFile<IgnitionDocument>;
  readonly files: SiteFiles;
}

/** A Kubernetes object that the site repo declares. */
export interface DeclaredResource {
  /** The folder in kubernetes/resources/, which gives the order: `10-network`. */
  readonly folder: string;
  readonly document: SiteDocumentFile<ResourceDocument>;
}

/** A site repo whose documents all have the shape that their schemas ask for. */
export interface Site {
  readonly site: SiteDocumentFile<SiteDocument>;
  readonly releases: SiteDocumentFile<ReleasesDocument>;
  readonly signers: SiteDocumentFile<SignersDocument>;
  /** Null where nothing says who can open secrets. */
  readonly recipients: SiteDocumentFile<RecipientsDocument> | null;
  /** Null where the site has no Kubernetes cluster. */
  readonly cluster: SiteDocumentFile<ClusterDocument> | null;
  /** By name, which is the file's name without its ending; in the order of their names. */
  readonly racks: ReadonlyMap<string, SiteDocumentFile<RackDocument>>;
  readonly roles: ReadonlyMap<string, SiteDocumentFile<RoleDocument>>;
  readonly ignition: ReadonlyMap<string, IgnitionFolder>;
  /** In the order in which they are applied: by folder, then by file, then as they stand in it. */
  readonly resources: readonly DeclaredResource[];
  /** Every file of the site repo. */
  readonly files: SiteFiles;
}

export type LoadResult =
  | { readonly site: Site; readonly diagnostics: readonly Diagnostic[] }
  | { readonly site: null; readonly diagnostics: readonly Diagnostic[] };

/**
 * Load a whole site repo. Files that do not load are errors, and so is any file that has no place in a site repo.
 * @param cache of documents; what is loaded is the same with any, and without
 */
export function loadSite(files: SiteFiles, cache: DocumentCache | null = null): LoadResult {
  const loader = new Loader(files, cache);
  const site = loader.one('site', 'site.yaml');
  const releases = loader.one('releases', 'releases.yaml');
  const signers = loader.one('signers', 'trust/signers.yaml');
  const recipients = files.has('trust/recipients.yaml') ? loader.one('recipients', 'trust/recipients.yaml') : null;
  const cluster = files.has('kubernetes/cluster.yaml') ? loader.one('cluster', 'kubernetes/cluster.yaml') : null;
  const racks = loader.folder('rack', 'racks');
  const roles = loader.folder('role', 'roles');
  const ignition = loader.ignition();
  const resources = loader.resources();
  loader.secrets();
  loader.trustFiles(signers?.value ?? null);
  loader.unknownFiles();
  const diagnostics = loader.diagnostics.sort(compareDiagnostics);
  const failed = diagnostics.some(isError);
  if (failed || !site || !releases || !signers) return { site: null, diagnostics };
  return {
    site: { site, releases, signers, recipients, cluster, racks, roles, ignition, resources, files },
    diagnostics,
  };
}

/** What may lie at the top and in each folder, for who has put something else there. */
const homes: ReadonlyMap<string, string> = new Map([
  ['', 'a site repo has site.yaml, releases.yaml, racks/, roles/, ignition/, kubernetes/, trust/ and secrets/'],
  ['racks', 'racks/<name>.yaml, the name in lower case'],
  ['roles', 'roles/<name>.yaml, the name in lower case'],
  ['ignition', 'ignition/<name>/ignition.yaml, and beside it what that document names'],
  ['kubernetes', 'kubernetes/cluster.yaml, and kubernetes/resources/<two digits>-<name>/<name>.yaml'],
  ['trust', 'trust/signers.yaml, trust/recipients.yaml, trust/allowed_signers, and trust/keys/<name>.asc'],
  ['secrets', 'secrets/<name>.age'],
]);

class Loader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly paths: readonly string[];
  private readonly known = new Set<string>();

  constructor(
    private readonly files: SiteFiles,
    private readonly cache: DocumentCache | null,
  ) {
    this.paths = [...files.keys()].sort();
  }

  one<K extends keyof DocumentKinds>(kind: K, path: string): SiteDocumentFile<DocumentKinds[K]> | null {
    this.known.add(path);
    const file = this.files.get(path);
    if (!file) {
      const place = { file: path, line: 1, column: 1 };
      const message = `the site repo has no ${path}`;
      this.diagnostics.push({ rule: 'BERTH-009', severity: 'error', place, message });
      return null;
    }
    const [document] = this.read(kind, path, file, () => {
      const { document, diagnostics } = parseDocument(path, file.bytes);
      return { documents: document ? [document] : [], diagnostics };
    });
    return document ?? null;
  }

  /** The documents of a file that have the shape of their kind. Only a file without findings is remembered. */
  private read<K extends keyof DocumentKinds>(
    kind: K,
    path: string,
    { bytes }: SiteFile,
    parse: () => DocumentsResult,
  ): readonly SiteDocumentFile<DocumentKinds[K]>[] {
    const blob = this.cache ? blobId(bytes) : '';
    const values = this.cache?.getValues(kind, blob);
    if (values) return values.map((value, index) => rememberedDocument(path, bytes, index, value as DocumentKinds[K]));
    const { documents, diagnostics } = parse();
    const results = documents.map((document) => validateDocument(kind, document));
    const findings = [...diagnostics, ...results.flatMap((result) => result.diagnostics)];
    this.diagnostics.push(...findings);
    const sound = results.flatMap(({ document }) => document ?? []);
    if (findings.length === 0)
      this.cache?.setValues(
        kind,
        blob,
        sound.map(({ value }) => value),
      );
    return sound;
  }

  /** The documents `<folder>/<name>.yaml`, by name. */
  folder<K extends keyof DocumentKinds>(kind: K, folder: string): Map<string, SiteDocumentFile<DocumentKinds[K]>> {
    const documents = new Map<string, SiteDocumentFile<DocumentKinds[K]>>();
    const pattern = new RegExp(`^${folder}/([a-z][a-z0-9-]{0,30})\\.yaml$`);
    for (const path of this.paths) {
      const name = pattern.exec(path)?.[1];
      const document = name === undefined ? null : this.one(kind, path);
      if (name !== undefined && document) documents.set(name, document);
    }
    return documents;
  }

  /** The folders `ignition/<name>/`, each with its ignition.yaml. */
  ignition(): Map<string, IgnitionFolder> {
    const contents = new Map<string, Map<string, SiteFile>>();
    for (const path of this.paths) {
      const [, name, inside] = /^ignition\/([a-z][a-z0-9-]{0,30})\/(.+)$/.exec(path) ?? [];
      const file = this.files.get(path);
      if (name === undefined || inside === undefined || !file) continue;
      this.known.add(path);
      const folder = contents.get(name) ?? new Map<string, SiteFile>();
      contents.set(name, folder);
      if (inside !== 'ignition.yaml') folder.set(inside, file);
    }
    const folders = new Map<string, IgnitionFolder>();
    for (const [name, files] of contents) {
      const document = this.one('ignition', `ignition/${name}/ignition.yaml`);
      if (document) folders.set(name, { document, files });
    }
    return folders;
  }

  /** The objects in `kubernetes/resources/<nn>-<name>/<name>.yaml`. */
  resources(): readonly DeclaredResource[] {
    return this.paths.flatMap((path) => {
      const folder = /^kubernetes\/resources\/([0-9]{2}-[a-z][a-z0-9-]{0,60})\/[a-z0-9][a-z0-9.-]{0,62}\.yaml$/.exec(
        path,
      )?.[1];
      const file = this.files.get(path);
      if (folder === undefined || !file) return [];
      this.known.add(path);
      const documents = this.read('resource', path, file, () => parseDocuments(path, file.bytes));
      return documents.map((document) => ({ folder, document }));
    });
  }

  /** Files that are sealed with age: opened nowhere but on boot servers, so no more is known of them than their form. */
  secrets(): void {
    for (const path of this.paths) {
      const file = this.files.get(path);
      if (!file || !isSecretFile(path)) continue;
      this.known.add(path);
      if (looksSealed(file.bytes)) continue;
      const place = { file: path, line: 1, column: 1 };
      const message = 'the file is not sealed with age';
      const hint = 'seal it with berth secret edit; if it was ever pushed as it is, its secrets are known';
      this.diagnostics.push({ rule: 'BERTH-013', severity: 'error', place, message, hint, isSecret: true });
    }
  }

  /** Keys and lists of signers, which rules read. A list lies where trust/signers.yaml says it does. */
  trustFiles(signers: SignersDocument | null): void {
    const named = new Set(signers === null ? [] : filesOfTrust(signers));
    for (const path of this.paths) {
      const isKey = /^trust\/keys\/[a-z0-9][a-z0-9._-]*\.asc$/.test(path);
      if (isKey || path === 'trust/allowed_signers' || named.has(path)) this.known.add(path);
    }
  }

  /** A file that nothing reads is a mistake in its name, but for prose and files whose names begin with a dot. */
  unknownFiles(): void {
    for (const path of this.paths) {
      if (this.known.has(path) || /(^|\/)\.|\.md$/.test(path)) continue;
      const [top = '', ...rest] = path.split('/');
      const folders = [...homes.keys()].filter((folder) => folder !== '');
      const meant = suggest(top, rest.length > 0 ? folders : ['site.yaml', 'releases.yaml']);
      const home = homes.get(rest.length > 0 ? top : '') ?? homes.get('') ?? '';
      const hint = meant === null || meant === top ? home : `did you mean ${[meant, ...rest].join('/')}?`;
      const place = { file: path, line: 1, column: 1 };
      this.diagnostics.push({ rule: 'BERTH-010', severity: 'error', place, message: 'nothing reads this file', hint });
    }
  }
}
