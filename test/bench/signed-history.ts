// A site repo with a long history, every commit of it signed: what authentication is measured with.
import { execFileSync } from 'node:child_process';
import { stringify } from 'yaml';
import type { Oid } from '../../reconciler/source/commit.ts';
import type { Introduction } from '../../reconciler/source/trust/authenticate.ts';
import type { SiteFile, SiteFiles } from '../../schema/load.ts';
import { signersPath } from '../../schema/trust/trusted-keys.ts';
import { gitEnvironment } from '../git.ts';
import { type CommitSigner, commitSigner, type Signing } from './commit-signers.ts';
import type { GitPack } from './git-pack.ts';
import { type Change, firstCommitSeconds, HistoryWriter, type Tip } from './history-writer.ts';

export interface HistoryOptions {
  /** The site that the history begins with; its trust/ is not taken over. */
  readonly files: SiteFiles;
  readonly signing: Signing;
  /** In the history up to its head. */
  readonly commits: number;
  /** That follow on the head, each on the one before. */
  readonly more: number;
}

export interface SignedHistory {
  /** The first commit. */
  readonly introduction: Introduction;
  readonly head: Oid;
  readonly more: readonly Oid[];
  /** For who checks nothing but signatures: a file of ALLOWED SIGNERS (ssh-keygen(1)), or armored keys. */
  readonly publicKeys: string;
}

/** Those who sign, and what they may change. */
const people = {
  ada: ['**'],
  bob: ['**'],
  carol: ['racks/', 'roles/'],
  dan: ['ignition/', 'releases.yaml'],
  eve: ['racks/'],
} as const;

type Name = keyof typeof people;
type Signers = Readonly<Record<Name, CommitSigner>>;

/** Of so many commits, the last one merges a branch that three of the others are on. */
const blockLength = 20;
const branchFrom = 14;

/**
 * Write a history into a new bare repository, in a folder that is empty. Its branch main ends with the head, its branch
 * next with what follows on that.
 * @throws {RangeError} for a number of commits that no history has
 */
export async function writeSignedHistory(folder: string, options: HistoryOptions): Promise<SignedHistory> {
  const { files, signing, commits, more } = options;
  if (!Number.isInteger(commits) || commits < 1) throw new RangeError(`no history has ${commits} commits`);
  const signers = await signersOf(signing);
  const site = [...files].filter(([path]) => !path.startsWith('trust/'));
  const writer = new HistoryWriter(new Map([...site, ...trustFiles(signers, signing)]));
  const paths = [...files.keys()];
  let number = 0;
  const next = (tip: Tip): Promise<Tip> => {
    number += 1;
    const { by, changes } = turn(number, paths);
    return writer.edit(tip, { name: by, signer: signers[by] }, changes);
  };
  const ada = { name: 'ada', signer: signers.ada };
  const first = await writer.begin(ada);
  let tip = first;
  while (number + 1 < commits) {
    const blockEnd = number + blockLength - branchFrom;
    if ((number + 1) % blockLength !== branchFrom || blockEnd >= commits) {
      tip = await next(tip);
      continue;
    }
    const branch = await next(await next(await next(tip)));
    tip = await next(await next(tip));
    number += 1;
    tip = await writer.merge(tip, branch, ada, ['racks', 'roles']);
  }
  const head = tip;
  const following: Oid[] = [];
  while (following.length < more) {
    tip = await next(tip);
    following.push(tip.oid);
  }
  store(folder, writer.pack, { main: head.oid, next: tip.oid });
  return {
    introduction: { commit: first.oid, keyFingerprint: signers.ada.fingerprint },
    head: head.oid,
    more: following,
    publicKeys: publicKeys(signers, signing),
  };
}

/** As a Git host keeps it: with deltas, and in the order in which it is read. */
function store(folder: string, pack: GitPack, { main, next }: { readonly main: Oid; readonly next: Oid }): void {
  const git = (...args: readonly string[]): void => {
    execFileSync('git', [...args], { cwd: folder, env: gitEnvironment, stdio: 'pipe' });
  };
  git('init', '-q', '--bare', '-b', 'main');
  pack.storeIn(folder);
  git('update-ref', 'refs/heads/main', main);
  git('update-ref', 'refs/heads/next', next);
  git('repack', '-q', '-a', '-d', '-f');
}

async function signersOf(signing: Signing): Promise<Signers> {
  const signer = (name: Name) => commitSigner(signing, name, firstCommitSeconds);
  return {
    ada: await signer('ada'),
    bob: await signer('bob'),
    carol: await signer('carol'),
    dan: await signer('dan'),
    eve: await signer('eve'),
  };
}

function trustFiles(signers: Signers, signing: Signing): [string, SiteFile][] {
  const files: [string, SiteFile][] = [];
  const entries = Object.entries(people).map(([name, paths]) => {
    const { publicKey } = signers[name as Name];
    if (signing === 'ssh') return { name, key: publicKey, paths };
    const keyPath = `trust/keys/${name}.asc`;
    files.push([keyPath, fileOf(publicKey)]);
    return { name, openpgp: keyPath, paths };
  });
  return [
    ...files,
    [signersPath, fileOf(stringify({ signers: entries }, { aliasDuplicateObjects: false, lineWidth: 0 }))],
  ];
}

function publicKeys(signers: Signers, signing: Signing): string {
  const lines = Object.entries(signers).map(([name, { publicKey }]) => {
    return signing === 'ssh' ? `${name}@example.org ${publicKey}` : publicKey;
  });
  return `${lines.join('\n')}\n`;
}

/**
 * Who makes the commit of a number, and what is changed by it: mostly racks, once in a hundred the trust. What the
 * three commits on a branch change lies in folders in which the two beside it change nothing.
 */
function turn(number: number, paths: readonly string[]): { readonly by: Name; readonly changes: Map<string, Change> } {
  const pick = (folder: string, index: number): string => {
    const all = paths.filter((path) => path.startsWith(folder));
    return all[index % all.length] ?? '';
  };
  const racks = (...indexes: readonly number[]): [string, Change][] => {
    return indexes.map((index) => [pick('racks/', index), machineChange(number)]);
  };
  const remark = remarkChange(number);
  if (number % 100 === 50) return { by: 'ada', changes: new Map([[signersPath, remark]]) };
  switch (number % 5) {
    case 0:
      return { by: 'eve', changes: new Map(racks(number)) };
    case 1:
      return { by: 'carol', changes: new Map([...racks(number), ['roles/cs.yaml', remark]]) };
    case 2:
      return { by: 'dan', changes: new Map([[pick('ignition/', number), remark]]) };
    case 3:
      return {
        by: 'bob',
        changes: new Map([
          ['site.yaml', remark],
          ['releases.yaml', remark],
        ]),
      };
    default:
      return { by: 'ada', changes: new Map(racks(number, number + 1)) };
  }
}

/** Another kernel argument for one of the machines of a rack. */
function machineChange(number: number): Change {
  return (text) => {
    const lines = text.trimEnd().split('\n');
    const first = lines.indexOf('machines:') + 1;
    const index = first + (number % (lines.length - first));
    const line = lines[index]?.replace(/(, arguments: \[[^\]]*\])? \}$/, `, arguments: [bench.change=${number}] }`);
    return `${lines.with(index, line ?? '').join('\n')}\n`;
  };
}

/** Another remark at the end of a file. */
function remarkChange(number: number): Change {
  return (text) => text.replace(/(# change \d+\n)?$/, `# change ${number}\n`);
}

function fileOf(text: string): SiteFile {
  return { bytes: Buffer.from(text), executable: false };
}
