// GET /status, /status/machines, /healthz: what this boot server serves, for people and for monitoring.
import { type Exchange, type HttpContext, sendJson } from './exchange.ts';

export function sendStatus(exchange: Exchange, { serverName, follower, assets, reports }: HttpContext): void {
  const generation = follower.current;
  sendJson(exchange, 200, {
    server: serverName,
    generation: generation?.target.generation ?? null,
    commit: generation?.target.commit ?? null,
    root: generation?.target.root ?? null,
    site: generation?.blueprint.site.site ?? null,
    machines: generation?.blueprint.machines.size ?? 0,
    refused: follower.refusal,
    assets: assets.digests(),
    reportsWaiting: reports.length,
  });
}

/** What each machine boots from this server. */
export function sendMachines(exchange: Exchange, { follower }: HttpContext): void {
  const machines = [...(follower.current?.blueprint.machines.values() ?? [])];
  sendJson(
    exchange,
    200,
    machines.map(({ serial, name, rack, role, node, boot, bootDigest }) => {
      return { serial, name, rack, role, node, os: boot.os, bootDigest };
    }),
  );
}

/** 200 as soon as a generation is served: this server can answer machines. */
export function sendHealth(exchange: Exchange, { follower }: HttpContext): void {
  sendJson(exchange, follower.current ? 200 : 503, { serving: follower.current !== null });
}
