// How commands find etcd and the site: by option, by environment, or by a `berth up` that runs in this folder.
import { readFileSync } from 'node:fs';
import { connectEtcd, type EtcdKv } from '../../schema/state/etcd.ts';
import { sitePrefix } from '../../schema/state/keys.ts';
import { isStateError } from '../../schema/state/state-error.ts';
import { CliError } from './cli-error.ts';

/** Written by `berth up` for the other commands. */
export const runFile = '.berth/run.json';

export interface RunFile {
  readonly site: string;
  readonly etcd: string;
}

export interface ConnectionOptions {
  readonly etcd?: string;
  readonly site?: string;
}

export interface Connection {
  readonly site: string;
  /** The endpoints as they were given. */
  readonly etcd: string;
  /** Who gave them: an option, a variable or a file. */
  readonly etcdFrom: string;
  readonly kv: EtcdKv;
}

/** A value and who gave it. */
type Given = readonly [from: string, value: string | undefined];

/** @throws {CliError} when etcd or the site is not known, or cannot be what it says */
export function connect(options: ConnectionOptions, onTrouble?: (error: Error) => void): Connection {
  const running = readRunFile();
  const [etcdFrom, etcd] = firstGiven(
    ['--etcd', options.etcd],
    ['BERTH_ETCD', process.env.BERTH_ETCD],
    [runFile, running?.etcd],
  );
  const [siteFrom, site] = firstGiven(
    ['--site', options.site],
    ['BERTH_SITE', process.env.BERTH_SITE],
    [runFile, running?.site],
  );
  if (etcd === undefined) throw new CliError('which etcd? Give --etcd or set BERTH_ETCD, or start one with berth up');
  if (site === undefined) throw new CliError('which site? Give --site or set BERTH_SITE');
  const endpoints = etcd.split(',');
  for (const endpoint of endpoints) checkEndpoint(endpoint, etcdFrom);
  checkSite(site, siteFrom);
  const kv = connectEtcd({ endpoints, site, ...(onTrouble ? { onTrouble } : {}) });
  return { site, etcd, etcdFrom, kv };
}

/**
 * Work with the site's etcd, and close it afterwards.
 * @throws {CliError} which names the endpoints, when none of them answers
 */
export async function withEtcd<T>(
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = connect(options);
  const { etcd, etcdFrom, kv } = connection;
  try {
    return await work(connection);
  } catch (error) {
    if (!isStateError(error, 'STATE_UNAVAILABLE')) throw error;
    const hint = etcdFrom === runFile ? ': is berth up still running?' : '';
    const message = `etcd at ${etcd} (from ${etcdFrom}) does not answer${hint} (${whyNot(error)})`;
    throw new CliError(message, { cause: error });
  } finally {
    kv.close();
  }
}

function firstGiven(...all: readonly Given[]): Given {
  return all.find(([, value]) => value !== undefined && value !== '') ?? ['nowhere', undefined];
}

function checkEndpoint(endpoint: string, from: string): void {
  if (/^(https?:\/\/)?([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}\/?$/.test(endpoint)) return;
  throw new CliError(`${JSON.stringify(endpoint)} (from ${from}) is not of the form http://127.0.0.1:2379`);
}

function checkSite(site: string, from: string): void {
  try {
    sitePrefix(site);
  } catch (error) {
    throw new CliError(`${JSON.stringify(site)} (from ${from}) is no site id`, { cause: error });
  }
}

/** What the connection failed of, without gRPC's words around it. */
function whyNot(error: Error): string {
  const message = error.message.replace(/^etcd does not answer: /, '').replace(/^\d+ [A-Z_]+: /, '');
  const last = /Last error: (?:Error: )?(.+?)\.? Resolution note:/.exec(message)?.[1];
  return last ?? message;
}

function readRunFile(): RunFile | null {
  try {
    return JSON.parse(readFileSync(runFile, 'utf8')) as RunFile;
  } catch {
    return null;
  }
}

/** `address:port` as two values. */
export function parseEndpoint(text: string, option: string): { readonly address: string; readonly port: number } {
  const match = /^([\d.]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port > 65535) {
    throw new CliError(`${option} ${text} is not of the form 127.0.0.1:8080`);
  }
  return { address: match[1], port };
}

/** A number of seconds given on the command line. */
export function parseSeconds(text: string, option: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) throw new CliError(`${option} ${text} is no number of seconds`);
  return seconds;
}
