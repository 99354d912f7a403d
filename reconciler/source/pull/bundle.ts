// A Git bundle: a repository's refs and a pack in one file, for sites that no network reaches (gitformat-bundle(5)).
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Oid } from '../commit.ts';
import { RepositoryError } from '../repository-error.ts';
import { approvalRefs } from '../trust/approvals.ts';
import type { RefLimits } from './upload-pack.ts';

export interface BundleHead {
  /** Commits that whoever reads it must have already. */
  readonly prerequisites: readonly Oid[];
  readonly refs: ReadonlyMap<string, Oid>;
  /** Where the pack begins. */
  readonly packStart: number;
}

/** @throws {RepositoryError} `bad-bundle`, `too-many-refs`, `too-large` */
export async function readBundleHead(file: FileHandle, limits: RefLimits): Promise<BundleHead> {
  const bytes = await readHead(file, limits.maxRefsBytes);
  const lines = bytes.toString('utf8').split('\n');
  const version = lines[0];
  if (version !== '# v2 git bundle' && version !== '# v3 git bundle') bad('it is no Git bundle of version 2 or 3');
  const prerequisites: Oid[] = [];
  const refs = new Map<string, Oid>();
  for (const line of lines.slice(1)) {
    if (line === '') break;
    if (version === '# v3 git bundle' && line.startsWith('@')) {
      checkCapability(line.slice(1));
      continue;
    }
    const [, prerequisite] = /^-([0-9a-f]{40})(?: |$)/.exec(line) ?? [];
    const [, oid, ref] = /^([0-9a-f]{40}) (\S+)$/.exec(line) ?? [];
    if (prerequisite !== undefined) prerequisites.push(prerequisite);
    else if (oid !== undefined && ref !== undefined) refs.set(ref, oid);
    else bad(`its header holds ${JSON.stringify(line.slice(0, 60))}, which names no object`);
  }
  if ([...refs.keys()].filter((ref) => !ref.startsWith(approvalRefs)).length > limits.maxRefs) {
    throw new RepositoryError('too-many-refs', `the bundle has more than ${limits.maxRefs} refs`);
  }
  return { prerequisites, refs, packStart: bytes.length };
}

function checkCapability(capability: string): void {
  if (capability === 'object-format=sha1') return;
  if (capability.startsWith('object-format=')) bad(`it is in Git's ${capability.slice(14)} format, not in SHA-1`);
  if (capability.startsWith('filter=')) bad('it was made with a filter and lacks objects');
  bad(`it needs ${JSON.stringify(capability.slice(0, 60))}, which is not known here`);
}

/** Up to and with the empty line that ends it. */
async function readHead(file: FileHandle, maxBytes: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length <= maxBytes) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, bytes.length);
    if (bytesRead === 0) return bad('its header is cut off');
    bytes = Buffer.concat([bytes, buffer.subarray(0, bytesRead)]);
    if (!bytes.subarray(0, 2).equals(Buffer.from('# '))) return bad('it is no Git bundle');
    const end = bytes.indexOf('\n\n');
    if (end >= 0) return bytes.subarray(0, end + 2);
  }
  throw new RepositoryError('too-large', `the header of the bundle has more than ${maxBytes} bytes`);
}

/** The bytes of its pack. */
export function readBundlePack(file: FileHandle, { packStart }: BundleHead): AsyncIterable<Uint8Array> {
  return file.createReadStream({ start: packStart, autoClose: false, highWaterMark: 1 << 20 });
}

/** @throws {RepositoryError} `unreachable` when it is not there, `bad-bundle` when it is no file */
export async function openBundle(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // Were it a pipe, to open it would wait for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RepositoryError('unreachable', `the bundle cannot be opened: ${reason}`, { cause: error });
  }
  const isFile = await file.stat().then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) return file;
  await file.close();
  return bad('it is no file');
}

function bad(why: string): never {
  throw new RepositoryError('bad-bundle', `the bundle cannot be used: ${why}`);
}
