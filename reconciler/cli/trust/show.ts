// berth trust show: whom a commit trusts, and for what; or what a boot server remembers.
import type { Palette } from '../../../schema/report/palette.ts';
import { printable } from '../../../schema/report/printable.ts';
import { allowedSignersFile } from '../../../schema/trust/allowed-signers-file.ts';
import { counted } from '../../../schema/words.ts';
import { TrustFolder, type TrustMemory } from '../../intake/trust-folder.ts';
import type { AcceptedRecord, AnchorRecord } from '../../intake/trust-records.ts';
import { openLocal } from '../../source/local.ts';
import { short } from '../../source/trust/refusal.ts';
import { checkFolder } from '../site-folder.ts';
import { colours } from '../terminal.ts';
import { type ShownKey, type ShownTrust, shownTrust, trustDocumentsAt } from './trusted.ts';

export interface TrustShowOptions {
  readonly ref: string;
  readonly allowedSigners?: boolean;
  /** Folder of a boot server: then what that one remembers is shown. */
  readonly data?: string;
  readonly json?: boolean;
}

export async function trustShow(dir: string, { ref, allowedSigners, data, json }: TrustShowOptions): Promise<number> {
  const palette = colours(process.stdout);
  if (data !== undefined) {
    const memory = await new TrustFolder(data).read();
    process.stdout.write(json ? `${JSON.stringify(memory, null, 2)}\n` : memoryText(memory, palette));
    return 0;
  }
  checkFolder(dir);
  const { objects, folder, resolve } = await openLocal(dir);
  const commit = await resolve(ref);
  const documents = await trustDocumentsAt(objects, commit, folder);
  if (allowedSigners) process.stdout.write(allowedSignersFile(documents.trust));
  else {
    const shown = shownTrust(commit, documents);
    process.stdout.write(json ? `${JSON.stringify(shown, null, 2)}\n` : trustText(shown, palette));
  }
  return 0;
}

function trustText({ commit, signers, groups, thresholds, mergeKeys }: ShownTrust, palette: Palette): string {
  const { bold } = palette;
  const lines = [bold(`Commit ${short(commit)} trusts ${counted(signers.length, 'signer')}`)];
  for (const { name, keys, paths, groups: memberOf } of signers) {
    const of = memberOf.length === 0 ? '' : ` (${memberOf.join(', ')})`;
    lines.push(`  ${bold(printable(name))}${of} may change ${pathsText(paths)}`);
    for (const key of keys) lines.push(`    ${keyText(key, palette)}`);
  }
  if (groups.length > 0) lines.push(bold('Groups'));
  for (const { name, members, paths } of groups) {
    const may = paths.length === 0 ? '' : `, each may change ${pathsText(paths)}`;
    lines.push(`  ${printable(name)}: ${printable(members.join(', ')) || 'nobody'}${may}`);
  }
  if (thresholds.length > 0) lines.push(bold('Thresholds'));
  for (const { paths, signatures, group } of thresholds) {
    const whom = group === null ? 'who may change it' : `of ${printable(group)}`;
    lines.push(`  ${pathsText(paths)} takes ${counted(signatures, 'signer')} ${whom}`);
  }
  if (mergeKeys.length > 0) lines.push(bold('Merge keys of the Git host'));
  for (const { name, fingerprint, kind, paths } of mergeKeys) {
    lines.push(`  ${printable(name)} may bring ${pathsText(paths)}`, `    ${kind} ${fingerprint}`);
  }
  return `${lines.join('\n')}\n`;
}

function pathsText(paths: readonly string[]): string {
  return printable(paths.join(', ')) || 'nothing';
}

function keyText({ kind, fingerprint, validAfter, validBefore, revoked }: ShownKey, { red }: Palette): string {
  const after = validAfter === null ? '' : `, from ${validAfter} on`;
  const before = validBefore === null ? '' : `, until ${validBefore}`;
  const since = revoked?.from ? ` since ${revoked.from}` : '';
  return `${kind} ${fingerprint}${after}${before}${revoked ? `, ${red(`revoked${since}`)}: ${printable(revoked.reason)}` : ''}`;
}

/** Who stands for what was accepted: a commit that is vouched for by hand is not asked who signed it. */
function standingText({ commit, signer }: AcceptedRecord, anchors: readonly AnchorRecord[]): string {
  if (anchors.some((anchor) => anchor.commit === commit)) return ', vouched for by hand';
  return signer === null ? '' : `, signed by ${printable(signer)}`;
}

function memoryText({ introduction, accepted, anchors, revoked }: TrustMemory, { bold, red }: Palette): string {
  const lines: string[] = [];
  if (introduction) {
    const { commit, key, site, at } = introduction;
    lines.push(`${bold('Introduction')} to the site ${site}, since ${at}: ${commit}:${key}`);
  } else lines.push(`${bold('Introduction')}: none`);
  if (accepted) {
    const { commit, at, held } = accepted;
    lines.push(`${bold('Accepted')} ${commit}${standingText(accepted, anchors)}, since ${at}`);
    if (held) lines.push(`  ${red('not relied on')} since ${held.at}: ${held.code}: ${printable(held.message)}`);
  } else lines.push(`${bold('Accepted')}: nothing yet`);
  for (const { commit, supersedes, reason, by, at } of anchors) {
    const instead = supersedes.length === 0 ? '' : `, instead of ${supersedes.map(short).join(', ')}`;
    lines.push(`${bold('By hand')} ${commit}, by ${by} at ${at}${instead}: ${printable(reason)}`);
  }
  for (const { key, from, reason, by, at } of revoked) {
    lines.push(
      `${bold('Revoked')} ${key}${from === null ? '' : ` since ${from}`}, by ${by} at ${at}: ${printable(reason)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
