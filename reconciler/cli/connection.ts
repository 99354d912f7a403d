// How commands find etcd and the site: by option, by environment, or by a `berth up` that runs in this folder.
import { readFileSync } from 'node:fs';
import { connectEtcd, type EtcdKv } from '../../schema/state/etcd.ts';
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
  readonly kv: EtcdKv;
}

/** @throws {CliError} when etcd or the site is not known */
export function connect(options: ConnectionOptions, onTrouble?: (error: Error) => void): Connection {
  const running = readRunFile();
  const etcd = options.etcd ?? process.env.BERTH_ETCD ?? running?.etcd;
  const site = options.site ?? process.env.BERTH_SITE ?? running?.site;
  if (etcd === undefined) throw new CliError('which etcd? Give --etcd or set BERTH_ETCD, or start one with berth up');
  if (site === undefined) throw new CliError('which site? Give --site or set BERTH_SITE');
  const kv = connectEtcd({ endpoints: etcd.split(','), site, ...(onTrouble ? { onTrouble } : {}) });
  return { site, kv };
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
