// berth status: what is in force, who serves it, and how every machine is.
import { printable } from '../../schema/report/printable.ts';
import { folders, keys } from '../../schema/state/keys.ts';
import { readRecord, records } from '../../schema/state/records.ts';
import { disagreementText } from '../plan/withheld.ts';
import { type ConnectionOptions, withEtcd } from './connection.ts';

export async function status(options: ConnectionOptions & { readonly json?: boolean }): Promise<number> {
  return withEtcd(options, async ({ kv, site }) => {
    const targetEntry = await kv.get(keys.target);
    const target = targetEntry ? readRecord(records.target, targetEntry) : null;
    const all = async <T>(folder: string, kind: Parameters<typeof readRecord<T>>[0]): Promise<T[]> =>
      (await kv.list(folder)).entries.map((entry) => readRecord(kind, entry));
    const agents = await all(folders.observedAgents, records.observedAgent);
    const servers = await all(folders.observedServers, records.observedServer);
    const machines = await all(folders.observedMachines, records.observedMachine);
    const operations = await all(folders.operations, records.operation);
    const report = { site, target, agents, servers, machines, operations };
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : statusText(report));
    return 0;
  });
}

type RecordOf<K extends keyof typeof records> = Parameters<(typeof records)[K]['keyOf']>[0];

interface StatusReport {
  readonly site: string;
  readonly target: RecordOf<'target'> | null;
  readonly agents: readonly RecordOf<'observedAgent'>[];
  readonly servers: readonly RecordOf<'observedServer'>[];
  readonly machines: readonly RecordOf<'observedMachine'>[];
  readonly operations: readonly RecordOf<'operation'>[];
}

function statusText({ site, target, agents, servers, machines, operations }: StatusReport): string {
  const lines = [
    target
      ? `${site}: generation ${target.generation} of commit ${target.commit.slice(0, 12)}, since ${target.acceptedAt}`
      : `${site}: nothing is in force yet`,
  ];
  for (const agent of agents) lines.push(...agentLines(agent));
  if (agents.length === 0) lines.push('no agent is alive');
  for (const { name, generation, assets, url, refused } of servers) {
    lines.push(`boot server ${name}: serves generation ${generation} and ${assets.length} files at ${url}`);
    if (refused !== undefined) lines.push(`  does not serve the newest: ${refused}`);
  }
  if (servers.length === 0) lines.push('no boot server is alive');
  const phases = new Map<string, number>();
  for (const { phase } of machines) phases.set(phase, (phases.get(phase) ?? 0) + 1);
  const counts = [...phases].map(([phase, count]) => `${count} ${phase}`).join(', ');
  lines.push(`machines: ${counts === '' ? 'none has reported' : counts}`);
  for (const { serial, kind, since } of operations) lines.push(`  ${kind} of ${serial} since ${since}`);
  return `${lines.map(printable).join('\n')}\n`;
}

function agentLines(agent: RecordOf<'observedAgent'>): readonly string[] {
  const { name, leader, held, refused, behind, byHand, revokedByHand = [], sources = [] } = agent;
  const lines = [`agent ${name}${leader ? ' (leads)' : ''}: ${doing(agent)}`];
  const why = refused && `${refused.code}: ${refused.message}`;
  if (held !== undefined) lines.push(`  begins nothing new${held === why ? '' : `: ${held}`}`);
  if (refused) lines.push(`  refused ${refused.commit.slice(0, 12)} since ${refused.at}: ${why}`);
  if (behind) lines.push(`  disagrees: ${disagreementText(behind)}`);
  if (byHand) {
    const { commit, by, at, reason } = byHand;
    lines.push(`  trusts ${commit.slice(0, 12)} by hand, since ${at}, by ${by}: ${reason}`);
  }
  for (const { key, by, at, reason } of revokedByHand) {
    lines.push(`  does not believe ${key}, since ${at}, by ${by}: ${reason}`);
  }
  for (const { location, state, error } of sources) {
    if (state === 'behind') lines.push(`  ${location} lacks some of what was accepted`);
    if (state === 'aside') lines.push(`  ${location} has parted from what was accepted`);
    if (error !== undefined) lines.push(`  ${location}: ${error}`);
  }
  return lines;
}

/** What it is about. One that begins nothing new is halted before anything else, and then does what it has begun. */
function doing({ plan, held }: RecordOf<'observedAgent'>): string {
  if (!plan) return 'no plan yet';
  if (held === undefined) return plan.headline;
  const begun = plan.headline.split(', ').filter((part) => part !== 'nothing to do' && part !== 'halted');
  return ['halted', ...begun].join(', ');
}
