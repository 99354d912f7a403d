// berth agent: the agent as a process.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import packageFile from '../../package.json' with { type: 'json' };
import { Agent } from '../agent.ts';
import { createAgentServer } from '../agent-http.ts';
import { createAgentMetrics } from '../agent-metrics.ts';
import { agreedIntroduction } from '../intake/trust-basis.ts';
import { TrustFolder } from '../intake/trust-folder.ts';
import { redfishPower } from '../power/redfish.ts';
import { gitHubOfUrl } from '../source/github/repository-name.ts';
import { CliError } from './cli-error.ts';
import { connect, parseEndpoint, parseSeconds } from './connection.ts';
import { startDaemon } from './daemon.ts';
import { type GitHubReportOptions, gitHubReports } from './github/reports.ts';
import { parseIntroduction } from './introduction-text.ts';
import { openSiteRepo, type SiteRepoOptions } from './site-repo-options.ts';
import { secretsInspector } from './site-secrets.ts';

export interface AgentCliOptions extends SiteRepoOptions, Omit<GitHubReportOptions, 'repo'> {
  readonly name: string;
  readonly introduction?: string;
  readonly secretsKey?: string;
  readonly staleAfter: string;
  readonly etcd?: string;
  readonly data: string;
  readonly poll: string;
  readonly lease: string;
  readonly http: string;
  readonly bmcUrl: string;
  readonly bmcCredentials?: string;
}

export async function agent(options: AgentCliOptions): Promise<number> {
  const { name, site, data, repo } = options;
  const introduction = options.introduction === undefined ? null : parseIntroduction(options.introduction);
  agreedIntroduction(await new TrustFolder(data).read(), introduction, site);
  const inspect = options.secretsKey === undefined ? undefined : secretsInspector(options.secretsKey);
  const http = parseEndpoint(options.http, '--http');
  const credentials = options.bmcCredentials === undefined ? undefined : readCredentials(options.bmcCredentials);
  const { log, signal } = startDaemon('berth-agent', name);
  // A Git host's mirror may be no GitHub: the first that is one is told.
  const reports = gitHubReports(
    { ...options, repo: repo.find((url) => gitHubOfUrl(url)) ?? repo[0] ?? '' },
    process.env,
    log,
  );
  const { kv } = connect(options, (error) => log.debug({ err: error }, 'etcd'));
  const metrics = createAgentMetrics();
  const running = new Agent({
    name,
    siteId: site,
    version: packageFile.version,
    kv,
    repository: await openSiteRepo(options, data),
    introduction,
    ...(inspect ? { inspect } : {}),
    power: redfishPower({ baseUrl: options.bmcUrl, ...(credentials === undefined ? {} : { credentials }) }),
    folder: data,
    pollSeconds: parseSeconds(options.poll, '--poll'),
    leaseSeconds: parseSeconds(options.lease, '--lease'),
    staleAfterSeconds: parseSeconds(options.staleAfter, '--stale-after'),
    metrics,
    log,
    ...(reports ? { onReport: (report, leads) => (leads ? reports.add(report) : reports.follow(report)) } : {}),
  });
  const server = createAgentServer(running, metrics);
  server.listen(http.port, http.address);
  await once(server, 'listening');
  const bound = server.address();
  log.info({ event: 'ready', http: typeof bound === 'object' ? bound : null }, 'agent runs');
  const over = new AbortController();
  const reporting = reports?.run(over.signal);
  try {
    await running.run(signal);
  } finally {
    over.abort();
    await reporting;
    server.close();
    server.closeAllConnections();
    await kv.close();
  }
  log.info({ event: 'stopped' }, 'agent stopped');
  return 0;
}

function readCredentials(file: string): { readonly user: string; readonly password: string } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // The file's content stays out of the message: it is a secret.
    throw new CliError(
      `--bmc-credentials ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'no JSON'}`,
    );
  }
  const { user, password } = (value ?? {}) as Record<string, unknown>;
  if (typeof user === 'string' && typeof password === 'string') return { user, password };
  throw new CliError(`--bmc-credentials ${file} must hold {"user": …, "password": …}`);
}
