// GET /assets/<sha256>/<name>: a pinned file by its digest, streamed from disk, whole or in one range.
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Exchange, type HttpContext, refuse } from './exchange.ts';

/** Large reads: with 64 KiB, Node's default, throughput is less than half. */
const readBytes = 1 << 20;

export async function sendAsset(exchange: Exchange, { assets, metrics }: HttpContext): Promise<void> {
  const { request, response, params } = exchange;
  const digest = params.digest ?? '';
  const asset = assets.get(digest);
  if (!asset) return refuse(exchange, 404, 'this boot server holds no file with that digest');
  const range = parseRange(request.headers.range, asset.sizeBytes);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${asset.sizeBytes}`);
    return refuse(exchange, 416, `the file has ${asset.sizeBytes} bytes`);
  }
  const { start, end } = range ?? { start: 0, end: asset.sizeBytes - 1 };
  response.writeHead(range ? 206 : 200, {
    'content-type': contentType(params.name ?? ''),
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
    'cache-control': 'public, immutable, max-age=31536000',
    ...(range ? { 'content-range': `bytes ${start}-${end}/${asset.sizeBytes}` } : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  const file = await open(asset.path);
  try {
    await pipeline(file.createReadStream({ start, end, highWaterMark: readBytes, autoClose: false }), response);
    metrics.assetBytes.inc(end - start + 1);
  } catch (error) {
    // The client went away: nothing to tell it, and nothing wrong here.
    if (!response.destroyed) throw error;
  } finally {
    await file.close();
  }
}

/** UEFI 2.10 §24.7.3.2: firmware tells an EFI image from others by this type, or by the name's ending. */
function contentType(name: string): string {
  return name.endsWith('.efi') ? 'application/efi' : 'application/octet-stream';
}

/**
 * A Range header (RFC 9110 §14.2) as inclusive offsets. Null means the whole file: without the header, and for what a
 * server may ignore (other units, several ranges, bad syntax).
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
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
