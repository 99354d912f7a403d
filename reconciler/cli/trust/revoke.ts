// berth trust revoke: tells one boot server not to believe a key, at once. For all servers, and for good, the key is
// revoked in trust/signers.yaml.
import { TrustFolder } from '../../intake/trust-folder.ts';
import { fingerprintPattern, type RevokedRecord } from '../../intake/trust-records.ts';
import { CliError } from '../cli-error.ts';
import { adminName, checkedReason, requireAdmin } from './boot-server.ts';

export interface TrustRevokeOptions {
  readonly reason: string;
  readonly data: string;
  readonly from?: string;
  readonly json?: boolean;
}

export async function trustRevoke(key: string, options: TrustRevokeOptions): Promise<number> {
  const { data, json = false } = options;
  const reason = checkedReason(options.reason);
  if (!fingerprintPattern.test(key)) {
    throw new CliError(`${key} is no fingerprint: SHA256:…, or the 40 or 64 digits of an OpenPGP key`);
  }
  const from = options.from === undefined ? null : instantOf(options.from);
  await requireAdmin(data);
  const folder = new TrustFolder(data);
  const { revoked, introduction } = await folder.read();
  const known = revoked.find((entry) => entry.key === key && reachesAsFar(entry.from, from));
  if (known) {
    tell(json, known, `${key} is revoked here ${sinceText(known.from)} already; nothing was changed`);
    return 0;
  }
  const entry: RevokedRecord = { key, from, reason, by: adminName(), at: new Date().toISOString() };
  await folder.writeRevoked([...revoked.filter((other) => other.key !== key), entry]);
  if (introduction?.key === key) {
    process.stderr.write(
      'berth: the introduction of this server rests on that key: see berth trust accept for what to trust instead\n',
    );
  }
  tell(json, entry, [`${key} is revoked on this server ${sinceText(from)}.`, ...consequences(from)].join('\n'));
  return 0;
}

/** What comes of it. */
function consequences(from: string | null): readonly string[] {
  const disbelieved =
    from === null
      ? 'all that the key ever signed or approved is disbelieved'
      : 'what the key signed or approved before then stays good, all since then is disbelieved';
  return [
    `From the next pull on, ${disbelieved}.`,
    'If accepted history rests on that, this server finishes what it has begun and begins nothing new, until there is',
    'a head that does not rest on it, or you vouch for one: berth trust accept, on every boot server that disbelieves it.',
    'For all servers, and for good: revoke the key in trust/signers.yaml.',
  ];
}

/** @throws {CliError} */
function instantOf(text: string): string {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new CliError(`--from ${text} is not of the form 2026-01-31T12:30:00Z`);
  return text;
}

function reachesAsFar(known: string | null, asked: string | null): boolean {
  if (known === null) return true;
  return asked !== null && Date.parse(known) <= Date.parse(asked);
}

function sinceText(from: string | null): string {
  return from === null ? 'for all that it has signed' : `for all that it has signed since ${from}`;
}

function tell(json: boolean, value: RevokedRecord, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}
