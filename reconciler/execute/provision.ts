// provision: first boot of a machine that has never reported. Reads its BMC; powers it on; writes operation/<serial>.
import type { ProvisionAction } from '../plan/action.ts';
import type { ExecutionContext } from './context.ts';
import { operate } from './operation.ts';

export function provision(action: ProvisionAction, context: ExecutionContext, signal: AbortSignal): Promise<void> {
  const machine = { serial: action.serial, bmc: { address: action.bmcAddress } };
  return operate(action, context, (beforeTouch) => context.power.on(machine, signal, beforeTouch));
}
