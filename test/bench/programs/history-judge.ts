// A boot server's work on the history of a site repo: to fetch it, and to authenticate what is new in it.
import type { Oid } from '../../../reconciler/source/commit.ts';
import { Repository } from '../../../reconciler/source/repository.ts';
import { authenticate, type Introduction } from '../../../reconciler/source/trust/authenticate.ts';
import { serveCalls, usage } from '../calls.ts';

/** Where the clone is, and where it comes from. */
export interface Source {
  readonly folder: string;
  readonly url: string;
  readonly introduction: Introduction;
}

export interface Judged {
  readonly commits: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

export interface Followed extends Judged {
  readonly head: Oid;
  readonly fetchSeconds: number;
}

let repository: Promise<Repository> | null = null;

/** Opened once, as an agent does. */
function opened({ folder, url }: Source): Promise<Repository> {
  repository ??= Repository.open({ folder, url, branch: 'main' });
  return repository;
}

async function fetch(source: Source): Promise<{ readonly seconds: number; readonly peakBytes: number }> {
  const clone = await opened(source);
  const start = performance.now();
  await clone.fetch(new AbortController().signal);
  return { seconds: secondsSince(start), peakBytes: usage().peakBytes };
}

/** @param request a head that has been fetched, and what was accepted last; null before the first time */
async function judge(request: Source & { readonly from: Oid | null; readonly to: Oid }): Promise<Judged> {
  const { from, to, introduction } = request;
  const start = performance.now();
  const clone = await opened(request);
  const nowSeconds = Date.now() / 1000;
  const result = await authenticate({ from, to, reader: clone, approvals: clone, introduction, nowSeconds });
  const seconds = secondsSince(start);
  if (!result.ok) throw new Error(`${result.commit} is refused (${result.code}): ${result.message}`);
  return { commits: result.commits.length, seconds, peakBytes: usage().peakBytes };
}

/** Fetch what is new on the branch, and judge it. */
async function follow(request: Source & { readonly from: Oid }): Promise<Followed> {
  const clone = await opened(request);
  const start = performance.now();
  const head = await clone.fetch(new AbortController().signal, [request.from]);
  const fetchSeconds = secondsSince(start);
  return { head, fetchSeconds, ...(await judge({ ...request, to: head })) };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

const methods = { fetch, judge, follow };
export type HistoryJudge = typeof methods;

serveCalls(methods);
