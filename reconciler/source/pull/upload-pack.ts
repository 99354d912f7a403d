// The two requests by which Git fetches over HTTP: what refs there are, and a pack of what is new behind some of them
// (gitprotocol-http(5), version 0 of gitprotocol-pack(5)).
import type { Oid } from '../commit.ts';
import type { GitHttp } from '../git-http.ts';
import { RepositoryError } from '../repository-error.ts';
import { approvalRefs } from '../trust/approvals.ts';
import { flushPkt, type PktLine, pktLine, pktLines, quoted } from './pkt-line.ts';

export interface RefLimits {
  /**
   * Branches and tags. Approvals have {@link ApprovalLimits} of their own; other refs that hosts list, such as those of
   * pull requests, do not count.
   */
  readonly maxRefs: number;
  /** Of the whole list. Approvals that go beyond it are not read; with anything else it is refused. */
  readonly maxRefsBytes: number;
}

export interface RemoteRefs {
  /** Where the repository is, after redirects; without a slash at its end. */
  readonly url: string;
  /** Branches and tags by their full names; `<tag>^{}` is what a tag that is an object of its own leads to. */
  readonly refs: ReadonlyMap<string, Oid>;
  /** Whether the list goes on with approvals that were not read. */
  readonly isCut: boolean;
}

const service = 'git-upload-pack';
const listPath = `/info/refs?service=${service}`;

/**
 * @param branch whatever comes before it in the list is read
 * @throws {RepositoryError}
 */
export async function listRefs(http: GitHttp, url: string, branch: string, limits: RefLimits): Promise<RemoteRefs> {
  const answer = await http.get(`${url.replace(/\/+$/, '')}${listPath}`);
  if (answer.contentType !== `application/x-${service}-advertisement`) {
    throw new RepositoryError('server-error', 'the server does not answer as a Git server does');
  }
  if (!answer.url.endsWith(listPath)) {
    throw new RepositoryError('server-error', 'the server redirects to what is no Git repository');
  }
  const refs = await readRefs(pktLines(answer.body), `refs/heads/${branch}`, limits);
  return { url: answer.url.slice(0, -listPath.length), ...refs };
}

async function readRefs(
  lines: AsyncIterable<PktLine>,
  branch: string,
  { maxRefs, maxRefsBytes }: RefLimits,
): Promise<Omit<RemoteRefs, 'url'>> {
  const refs = new Map<string, Oid>();
  let count = 0;
  let sizeBytes = 0;
  for await (const line of lines) {
    sizeBytes += 4 + (line?.length ?? 0);
    const [text = '', capabilities] = line?.toString('utf8').replace(/\n$/, '').split('\0') ?? [];
    if (capabilities !== undefined) checkCapabilities(capabilities.split(' '));
    if (text.startsWith('shallow ')) throw isShallow();
    const [, oid, ref] = /^([0-9a-f]{40}) (refs\/(?:heads|tags)\/\S+)$/.exec(text) ?? [];
    const isApproval = ref?.startsWith(approvalRefs) ?? false;
    if (sizeBytes > maxRefsBytes) {
      // Whoever can push any number of them cannot keep the branch away.
      if (isApproval && refs.has(branch)) return { refs, isCut: true };
      throw new RepositoryError('too-large', `the list of refs has more than ${maxRefsBytes} bytes`);
    }
    if (oid === undefined || ref === undefined) continue;
    refs.set(ref, oid);
    if (!isApproval && !ref.endsWith('^{}')) count += 1;
    if (count > maxRefs) {
      throw new RepositoryError('too-many-refs', `the repository has more than ${maxRefs} branches and tags`);
    }
  }
  return { refs, isCut: false };
}

function isShallow(): RepositoryError {
  return new RepositoryError('shallow', 'the repository of the server is a shallow clone, which lacks old history');
}

function checkCapabilities(capabilities: readonly string[]): void {
  const format = capabilities.find((capability) => capability.startsWith('object-format='));
  if (format !== undefined && format !== 'object-format=sha1') {
    throw new RepositoryError(
      'server-error',
      `the repository is in Git's ${format.split('=')[1]} format, not in SHA-1`,
    );
  }
  if (!capabilities.includes('side-band-64k')) {
    throw new RepositoryError('server-error', 'the server is too old: it lacks side-band-64k');
  }
}

/**
 * Ask for all objects that some refs reach and others do not.
 * @param url as {@link listRefs} gave it
 * @param wants what it listed
 * @param haves commits that are here with all of their history; those that the server does not know do no harm
 * @returns the bytes of a pack that stands for itself. @throws {RepositoryError}, also while they are read
 */
export async function* fetchPack(
  http: GitHttp,
  url: string,
  wants: readonly Oid[],
  haves: readonly Oid[],
): AsyncGenerator<Uint8Array> {
  const [first = '', ...others] = wants;
  const body = Buffer.concat([
    pktLine(`want ${first} side-band-64k ofs-delta no-progress agent=git/berth\n`),
    ...others.map((oid) => pktLine(`want ${oid}\n`)),
    flushPkt,
    ...haves.map((oid) => pktLine(`have ${oid}\n`)),
    pktLine('done\n'),
  ]);
  const answer = await http.post(`${url}/${service}`, `application/x-${service}-request`, body);
  if (answer.contentType !== `application/x-${service}-result`) {
    throw new RepositoryError('server-error', 'the server does not answer as a Git server does');
  }
  for await (const line of pktLines(answer.body)) {
    if (line?.toString('latin1', 0, 8) === 'shallow ') throw isShallow();
    if (line === null || /^(NAK|ACK [0-9a-f]{40})\n?$/.test(line.toString('latin1', 0, 50))) continue;
    const band = line[0];
    if (band === 1) yield line.subarray(1);
    else if (band === 3) throw new RepositoryError('server-error', `the server says: ${quoted(line.subarray(1))}`);
    else if (band !== 2) throw new RepositoryError('server-error', 'the server does not answer as a Git server does');
  }
}
