// The layout of the state in etcd, all of it. Keys are relative to the prefix of the site.
import type { Digest } from '../canonical.ts';

/** What everything of a site lies below. */
export function sitePrefix(site: string): string {
  return `/berth/${segment(site)}/`;
}

/** One key per fact. Each throws {@link RangeError} for a name that could leave its folder. */
export const keys = {
  /** The generation in force. */
  target: 'target',

  /** An immutable piece of a blueprint, by the digest of its canonical JSON. */
  object: (digest: Digest) => `${folders.objects}${hexDigest(digest)}`,

  /** What happened; entries sort by generation, then in the order in which they happened. */
  history: (generation: number, sequence: number) => `${folders.historyOf(generation)}${padded(sequence)}`,

  /** What a machine last reported. */
  observedMachine: (serial: string) => `${folders.observedMachines}${segment(serial)}`,

  /** What a boot server serves; bound to its lease. */
  observedServer: (name: string) => `${folders.observedServers}${segment(name)}`,

  /** What an agent does; bound to its lease. */
  observedAgent: (name: string) => `${folders.observedAgents}${segment(name)}`,

  /** What is being done to a machine now. */
  operation: (serial: string) => `${folders.operations}${segment(serial)}`,

  /** The elected agent; the revision that made the key is the fence. */
  leader: 'leader/agent',
} as const;

/** The folders that keys lie in, each with a final `/`, to be listed and watched. */
export const folders = {
  objects: 'object/',
  history: 'history/',
  historyOf: (generation: number) => `${folders.history}${padded(generation)}/`,
  observed: 'observed/',
  observedMachines: 'observed/machine/',
  observedServers: 'observed/server/',
  observedAgents: 'observed/agent/',
  operations: 'operation/',
} as const;

/** A name as one part of a key: no slash, no white space, nothing that a shell or a URL would read differently. */
function segment(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
    throw new RangeError(`${JSON.stringify(name)} cannot be part of a key: letters, digits and ._- only, at most 63`);
  }
  return name;
}

function hexDigest(digest: Digest): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new RangeError(`${JSON.stringify(digest)} is no SHA-256 digest`);
  return digest;
}

/** Ten digits, so that text order is the order of numbers. */
function padded(count: number): string {
  if (!Number.isInteger(count) || count < 0 || count > 9_999_999_999) throw new RangeError(`${count} is no counter`);
  return String(count).padStart(10, '0');
}
