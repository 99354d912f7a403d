// berth boot: the boot service as a process.

import { startBootService } from '../../bootsvc/boot-service.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { CliError } from './cli-error.ts';
import { connect, parseEndpoint } from './connection.ts';
import { startDaemon } from './daemon.ts';

export interface BootCliOptions {
  readonly name: string;
  readonly site: string;
  readonly etcd?: string;
  readonly data: string;
  readonly dhcp: string;
  readonly dhcpLink?: string;
  readonly dhcpReply: string;
  readonly http: string;
  readonly url?: string;
  readonly mirror?: string;
}

export async function boot(options: BootCliOptions): Promise<number> {
  const { name, data, dhcpReply: replyTo, dhcpLink, url } = options;
  if (replyTo !== 'giaddr' && replyTo !== 'source') throw new CliError('--dhcp-reply takes giaddr or source');
  const dhcp = parseEndpoint(options.dhcp, '--dhcp');
  const http = parseEndpoint(options.http, '--http');
  const { log, signal } = startDaemon('berth-boot', name);
  const { kv } = connect(options, (error) => log.debug({ err: error }, 'etcd'));
  try {
    const service = await startBootService({
      name,
      version: packageFile.version,
      kv,
      folder: data,
      dhcp: { ...dhcp, replyTo, ...(dhcpLink === undefined ? {} : { linkAddress: dhcpLink }) },
      http,
      baseUrl: url ?? null,
      mirrors: options.mirror?.split(',') ?? [],
      log,
      signal,
    });
    log.info({ event: 'ready', dhcp: service.dhcp, http: service.http }, 'boot service runs');
    await service.closed;
  } finally {
    await kv.close();
  }
  log.info({ event: 'stopped' }, 'boot service stopped');
  return 0;
}
