// GET /boot/<serial>/ipxe: the iPXE script of a machine.
import { type Exchange, type HttpContext, refuse, refuseForNow, send } from './exchange.ts';

export function sendScript(exchange: Exchange, { follower, log }: HttpContext): void {
  const generation = follower.current;
  if (!generation) return refuseForNow(exchange);
  const serial = exchange.params.serial ?? '';
  const machine = generation.blueprint.machines.get(serial);
  if (!machine) return refuse(exchange, 404, `no machine has the serial ${JSON.stringify(serial)}`);
  log.info({ serial, generation: generation.target.generation, boot: machine.bootDigest }, 'boot script');
  send(exchange, 200, 'text/plain; charset=utf-8', generation.ipxe(machine));
}
