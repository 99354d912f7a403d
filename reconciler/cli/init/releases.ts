// The pins of a new site: files on this machine, hashed, or stand-ins that say so.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { CliError } from '../cli-error.ts';
import type { NewAsset, NewReleases } from './new-site.ts';

export interface ReleaseFlags {
  readonly os?: string;
  /** Files on this machine. */
  readonly kernel?: string;
  readonly initrd?: string;
  readonly bootProgram?: string;
  /** URL below which boot servers will find them. */
  readonly assets?: string;
}

/** @throws {CliError} when a file cannot be read, or a kernel comes without its initrd */
export async function pinReleases(flags: ReleaseFlags, domain: string): Promise<NewReleases> {
  const { kernel, initrd, bootProgram, assets = `https://assets.${domain}` } = flags;
  if ((kernel === undefined) !== (initrd === undefined)) throw new CliError('--kernel and --initrd go together');
  const os = flags.os ?? (kernel === undefined ? 'stand-in' : 'os-1');
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(os)) throw new CliError(`--os ${os} is no name for an operating system`);
  if (!/^https?:\/\/[^\s/][^\s]*$/.test(assets)) throw new CliError(`--assets ${assets} is no URL`);
  const base = assets.replace(/\/+$/, '');
  return {
    os,
    kernel: await pin(kernel, `${base}/${os}`, 'vmlinuz'),
    initrd: await pin(initrd, `${base}/${os}`, 'initrd.cpio.gz'),
    bootProgram: await pin(bootProgram, `${base}/ipxe`, 'ipxe.efi'),
  };
}

/** @param name what the stand-in is called where there is no file */
async function pin(file: string | undefined, base: string, name: string): Promise<NewAsset> {
  if (file === undefined) {
    const text = Buffer.from(`a stand-in for ${name}\n`);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { source: `${base}/${name}`, sha256, sizeBytes: text.length, standIn: true };
  }
  const source = `${base}/${encodeURIComponent(path.basename(file))}`;
  return { source, ...(await measure(file)), standIn: false };
}

async function measure(file: string): Promise<Pick<NewAsset, 'sha256' | 'sizeBytes'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (sizeBytes === 0) throw new CliError(`${file} is empty`);
  return { sha256: hash.digest('hex'), sizeBytes };
}
