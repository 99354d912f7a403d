// GET /assets/<sha256>/<name>: a pinned file by its digest, streamed from disk, whole or in one range.
import { type FileHandle, open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { HeldAsset } from '../assets/store.ts';
import { type Exchange, type HttpContext, refuse } from './exchange.ts';

/** Large reads: with 64 KiB, Node's default, throughput is less than half. */
const readBytes = 1 << 20;

/** Offsets of a part of a file, both inclusive. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export async function sendAsset(exchange: Exchange, { assets, metrics }: HttpContext): Promise<void> {
  const { request, response, params } = exchange;
  const digest = params.digest ?? '';
  const asset = assets.get(digest);
  if (!asset) return refuse(exchange, 404, 'this boot server holds no file with that digest');
  const etag = `"${digest}"`;
  const headers = { etag, 'cache-control': 'public, immutable, max-age=31536000' };
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, headers).end();
  const range = rangeAsked(request, etag, asset.sizeBytes);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${asset.sizeBytes}`);
    return refuse(exchange, 416, `the file has ${asset.sizeBytes} bytes`);
  }
  const { start, end } = range ?? { start: 0, end: asset.sizeBytes - 1 };
  const file = await openWhole(asset);
  try {
    response.writeHead(range ? 206 : 200, {
      ...headers,
      'content-type': contentType(params.name ?? ''),
      'content-length': end - start + 1,
      'accept-ranges': 'bytes',
      ...(range ? { 'content-range': `bytes ${start}-${end}/${asset.sizeBytes}` } : {}),
    });
    if (request.method === 'HEAD') return void response.end();
    const bytes = file.createReadStream({ start, end, highWaterMark: readBytes, autoClose: false });
    await pipeline(bytes, response, { end: false });
    // The client would wait for the rest until its patience ends.
    if (bytes.bytesRead !== end - start + 1) throw new Error(`${asset.path} has lost its end while it was sent`);
    response.end();
    metrics.assetBytes.inc(bytes.bytesRead);
  } catch (error) {
    if (!hasGoneAway(error)) throw error;
  } finally {
    await file.close();
  }
}

/** @throws {Error} when the file is not there as it was when its digest was checked: nothing has been sent yet */
async function openWhole(asset: HeldAsset): Promise<FileHandle> {
  const file = await open(asset.path);
  const { size } = await file.stat();
  if (size === asset.sizeBytes) return file;
  await file.close();
  throw new Error(`${asset.path} has ${size} bytes, where it had ${asset.sizeBytes}`);
}

/** Whether the client closed its connection before the end, which is nobody's fault here. */
function hasGoneAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** UEFI 2.10 §24.7.3.2: firmware tells an EFI image from others by this type, or by the name's ending. */
function contentType(name: string): string {
  return name.endsWith('.efi') ? 'application/efi' : 'application/octet-stream';
}

/** Only GET knows ranges (RFC 9110 §14.2), and one of another version of the file is of no use (§13.1.5). */
function rangeAsked(
  { method, headers }: IncomingMessage,
  etag: string,
  sizeBytes: number,
): ReturnType<typeof parseRange> {
  if (method !== 'GET' || (headers['if-range'] ?? etag) !== etag) return null;
  return parseRange(headers.range, sizeBytes);
}

/**
 * A Range header (RFC 9110 §14.2) as inclusive offsets. Null means the whole file: without the header, and for what a
 * server may ignore (other units, several ranges, bad syntax).
 */
export function parseRange(header: string | undefined, sizeBytes: number): Range | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= sizeBytes ? 'unsatisfiable' : { start, end };
}
