// GET /ignition/<serial>/<digest>: the rendered Ignition of a machine, of this generation or of the one before, which a
// machine may still be booting from.
import { type Exchange, type HttpContext, refuse, refuseForNow, send } from './exchange.ts';

export function sendIgnition(exchange: Exchange, { follower, log }: HttpContext): void {
  const { serial = '', digest = '' } = exchange.params;
  if (!follower.current && !follower.previous) return refuseForNow(exchange);
  let known = false;
  for (const generation of [follower.current, follower.previous]) {
    const machine = generation?.blueprint.machines.get(serial);
    if (!generation || !machine) continue;
    known = true;
    if (machine.boot.ignition !== digest) continue;
    log.info({ serial, generation: generation.target.generation, ignition: digest }, 'ignition');
    return send(exchange, 200, 'application/vnd.coreos.ignition+json;version=3.3.0', generation.ignition(machine));
  }
  if (!known) return refuse(exchange, 404, `no machine has the serial ${JSON.stringify(serial)}`);
  log.warn({ serial, ignition: digest }, 'ignition of another generation asked for');
  refuse(exchange, 410, `${serial} has another Ignition now; boot it again`);
}
