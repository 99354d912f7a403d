// The kinds of document in a site repo: their types, their JSON Schemas, and which files they are.
import clusterSchema from './site/cluster.schema.json' with { type: 'json' };
import ignitionSchema from './site/ignition.schema.json' with { type: 'json' };
import rackSchema from './site/rack.schema.json' with { type: 'json' };
import recipientsSchema from './site/recipients.schema.json' with { type: 'json' };
import releasesSchema from './site/releases.schema.json' with { type: 'json' };
import resourceSchema from './site/resource.schema.json' with { type: 'json' };
import roleSchema from './site/role.schema.json' with { type: 'json' };
import signersSchema from './site/signers.schema.json' with { type: 'json' };
import siteSchema from './site/site.schema.json' with { type: 'json' };
import type { ClusterDocument } from './types/cluster.ts';
import type { IgnitionDocument } from './types/ignition.ts';
import type { RackDocument } from './types/rack.ts';
import type { RecipientsDocument } from './types/recipients.ts';
import type { ReleasesDocument } from './types/releases.ts';
import type { ResourceDocument } from './types/resource.ts';
import type { RoleDocument } from './types/role.ts';
import type { SignersDocument } from './types/signers.ts';
import type { SiteDocument } from './types/site.ts';

/** The kinds of document in a site repo. */
export interface DocumentKinds {
  readonly site: SiteDocument;
  readonly rack: RackDocument;
  readonly role: RoleDocument;
  readonly releases: ReleasesDocument;
  readonly cluster: ClusterDocument;
  readonly signers: SignersDocument;
  readonly recipients: RecipientsDocument;
  readonly ignition: IgnitionDocument;
  readonly resource: ResourceDocument;
}

/** The JSON Schema (2020-12) of each kind. */
export const schemas = {
  site: siteSchema,
  rack: rackSchema,
  role: roleSchema,
  releases: releasesSchema,
  cluster: clusterSchema,
  signers: signersSchema,
  recipients: recipientsSchema,
  ignition: ignitionSchema,
  resource: resourceSchema,
} satisfies Record<keyof DocumentKinds, object>;

export interface DocumentKind {
  readonly name: keyof DocumentKinds;
  /** Its files, from the top of the site repo; `*` is one name. */
  readonly glob: string;
}

/** In the order in which a reader meets them. */
export const documentKinds: readonly DocumentKind[] = [
  { name: 'site', glob: 'site.yaml' },
  { name: 'rack', glob: 'racks/*.yaml' },
  { name: 'role', glob: 'roles/*.yaml' },
  { name: 'ignition', glob: 'ignition/*/ignition.yaml' },
  { name: 'releases', glob: 'releases.yaml' },
  { name: 'cluster', glob: 'kubernetes/cluster.yaml' },
  { name: 'resource', glob: 'kubernetes/resources/*/*.yaml' },
  { name: 'signers', glob: 'trust/signers.yaml' },
  { name: 'recipients', glob: 'trust/recipients.yaml' },
];

/** The kind of a file, by its path from the top of the site repo; undefined where it is of none. */
export function kindOfFile(path: string): DocumentKind | undefined {
  return documentKinds.find(({ glob }) => matches(path, glob));
}

function matches(path: string, glob: string): boolean {
  const names = path.split('/');
  const patterns = glob.split('/');
  return (
    names.length === patterns.length && patterns.every((pattern, index) => matchesName(names[index] ?? '', pattern))
  );
}

/** @param pattern with one `*` at most */
function matchesName(name: string, pattern: string): boolean {
  const [before = '', after] = pattern.split('*', 2);
  if (after === undefined) return name === pattern;
  return name.length > pattern.length - 1 && name.startsWith(before) && name.endsWith(after);
}
