// berth trust accept: an administrator of a boot server vouches for a commit that would be refused. It overrides the
// judgement of history on this server alone, never the rules of the site, and leaves a mark in the site's history.

import { existsSync } from 'node:fs';
import { printable } from '../../../schema/report/printable.ts';
import { judgeHead, termsOf } from '../../intake/judgement.ts';
import { TrustFolder, type TrustMemory } from '../../intake/trust-folder.ts';
import type { AnchorRecord } from '../../intake/trust-records.ts';
import type { Verdict } from '../../source/accept.ts';
import type { Oid } from '../../source/commit.ts';
import { Kinship } from '../../source/kinship.ts';
import { Repository } from '../../source/repository.ts';
import { short } from '../../source/trust/refusal.ts';
import { CliError } from '../cli-error.ts';
import { cloneFolder } from '../site-repo-options.ts';
import { colours } from '../terminal.ts';
import { adminName, checkedReason, confirm, requireAdmin } from './boot-server.ts';
import { refusalText, type ShownRefusal, shownRefusal } from './refusal-text.ts';

export interface TrustAcceptOptions {
  readonly reason: string;
  readonly data: string;
  /** What else is given up for the commit than what this server has accepted. */
  readonly supersede?: readonly Oid[];
  readonly yes?: boolean;
  readonly json?: boolean;
}

export async function trustAccept(commit: string, options: TrustAcceptOptions): Promise<number> {
  const { data, supersede = [], json = false } = options;
  const reason = checkedReason(options.reason);
  for (const oid of [commit, ...supersede]) {
    if (!/^[0-9a-f]{40}$/.test(oid))
      throw new CliError(`${oid} is no full commit id: berth status and the log of the agent have it`);
  }
  await requireAdmin(data);
  const folder = new TrustFolder(data);
  const memory = await folder.read();
  const last = memory.anchors.at(-1);
  // What has been accepted since then may have to be given up for the same commit once more.
  const isWaiting = (memory.accepted?.anchors ?? 0) < memory.anchors.length;
  if (isWaiting && last?.commit === commit && supersede.every((oid) => last.supersedes.includes(oid))) {
    tell(
      json,
      last,
      `${short(commit)} has been accepted by hand by ${last.by} at ${last.at} already; nothing was changed`,
    );
    return 0;
  }
  const { accepted } = memory;
  const given = [accepted?.commit, accepted?.held?.head, ...supersede].filter(
    (oid) => oid !== undefined && oid !== commit,
  );
  const supersedes = [...new Set(given)] as Oid[];
  const anchor: AnchorRecord = { commit, supersedes, reason, by: adminName(), at: new Date().toISOString() };
  const overridden = await overriddenBy(memory, anchor, data);
  if (overridden === null && supersede.length === 0) {
    tell(
      json,
      null,
      `${short(commit)} is accepted as it is: nothing was changed (to give up what etcd has for it, name that with --supersede)`,
    );
    return 0;
  }
  process.stderr.write(`${meaning(anchor, overridden).join('\n')}\n`);
  if (!options.yes) await confirm(`Type ${short(commit)} to go on: `, short(commit));
  await folder.writeAnchors([...memory.anchors, anchor]);
  tell(json, anchor, `${short(commit)} is accepted by hand on this server, from its next pull on`);
  return 0;
}

/**
 * What an anchor overrides: the refusal of its commit as it stands; null when there is none.
 * @throws {CliError} when the commit is not here, or would be refused all the same
 */
async function overriddenBy(memory: TrustMemory, anchor: AnchorRecord, data: string): Promise<ShownRefusal | null> {
  const { introduction } = memory;
  if (!introduction) {
    throw new CliError(`${data} is introduced to no site yet: berth trust introduce --data ${data} comes first`);
  }
  // Nothing is fetched or made here: what can be accepted is what the agent has pulled and refused.
  if (!existsSync(cloneFolder(data))) throw new CliError(`${cloneFolder(data)} is not there: nothing was pulled yet`);
  const repository = await Repository.open({ folder: cloneFolder(data), url: 'http://localhost/', branch: '-' });
  try {
    if (!(await repository.has(anchor.commit))) {
      throw new CliError(`the clone of this server has no commit ${anchor.commit}: is it pushed, and was it pulled?`);
    }
    const before = await judged(repository, memory, anchor.commit, introduction.site);
    if (before.ok) return null;
    const anchors = [...memory.anchors, anchor];
    const after = await judged(repository, { ...memory, anchors }, anchor.commit, introduction.site);
    if (after.ok) return shownRefusal(before);
    const { code, message } = after.refused;
    throw new CliError(`${short(anchor.commit)} would be refused all the same: ${code}: ${printable(message)}`);
  } finally {
    repository.close();
  }
}

/** As the agent would judge it, but for what etcd has. */
async function judged(repository: Repository, memory: TrustMemory, head: Oid, siteId: string): Promise<Verdict> {
  const options = { repository, introduction: null, siteId };
  return judgeHead(options, head, await termsOf(options, memory, null, new Kinship(repository)));
}

function meaning({ commit, supersedes }: AnchorRecord, overridden: ShownRefusal | null): readonly string[] {
  const palette = colours(process.stderr);
  return [
    palette.bold(`You vouch for commit ${short(commit)} and for all that it holds.`),
    ...(overridden ? ['This is overridden:', refusalText(overridden, palette)] : []),
    'From now on trust begins with it on this server; no commit before it is judged any more.',
    ...(supersedes.length === 0
      ? []
      : [`It need not follow on what was accepted: ${supersedes.map(short).join(', ')}.`]),
    'Other boot servers judge for themselves: do the same on each. Who, when and why goes into the history of the site.',
  ];
}

function tell(json: boolean, value: AnchorRecord | null, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}
