// berth agent: the agent as a process.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { Agent } from '../agent.ts';
import { createAgentServer } from '../agent-http.ts';
import { createAgentMetrics } from '../agent-metrics.ts';
import { redfishPower } from '../power/redfish.ts';
import type { Introduction } from '../source/authenticate.ts';
import { Repository } from '../source/repository.ts';
import { CliError } from './cli-error.ts';
import { connect, parseEndpoint, parseSeconds } from './connection.ts';
import { startDaemon } from './daemon.ts';
import { type GitHubReportOptions, gitHubReports } from './github-reports.ts';

export interface AgentCliOptions extends GitHubReportOptions {
  readonly name: string;
  readonly branch: string;
  readonly introduction: string;
  readonly etcd?: string;
  readonly data: string;
  readonly poll: string;
  readonly lease: string;
  readonly http: string;
  readonly bmcUrl: string;
  readonly bmcCredentials?: string;
}

export async function agent(options: AgentCliOptions): Promise<number> {
  const { name, site, repo, branch, data } = options;
  const introduction = parseIntroduction(options.introduction);
  const http = parseEndpoint(options.http, '--http');
  const credentials = options.bmcCredentials === undefined ? undefined : readCredentials(options.bmcCredentials);
  const { log, signal } = startDaemon('berth-agent', name);
  const reports = gitHubReports(options, process.env, log);
  const { kv } = connect(options, (error) => log.debug({ err: error }, 'etcd'));
  const metrics = createAgentMetrics();
  const running = new Agent({
    name,
    siteId: site,
    version: packageFile.version,
    kv,
    repository: await Repository.open({ folder: path.join(data, 'site-repo'), url: repo, branch }),
    introduction,
    power: redfishPower({ baseUrl: options.bmcUrl, ...(credentials === undefined ? {} : { credentials }) }),
    folder: data,
    pollSeconds: parseSeconds(options.poll, '--poll'),
    leaseSeconds: parseSeconds(options.lease, '--lease'),
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

function parseIntroduction(text: string): Introduction {
  const [, commit, keyFingerprint] = /^([0-9a-f]{40}):(SHA256:[A-Za-z0-9+/]{43})$/.exec(text) ?? [];
  if (commit !== undefined && keyFingerprint !== undefined) return { commit, keyFingerprint };
  throw new CliError(`--introduction ${text} is not of the form <commit id>:SHA256:<fingerprint of its signer's key>`);
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
