// restart: power cycle of a machine that runs, so that it boots what it should. Writes operation/<serial>.
import type { RestartAction } from '../plan/action.ts';
import type { ExecutionContext } from './context.ts';
import { operate } from './operation.ts';

export function restart(action: RestartAction, context: ExecutionContext, signal: AbortSignal): Promise<void> {
  const machine = { serial: action.serial, bmc: { address: action.bmcAddress } };
  return operate(action, context, (beforeTouch) => context.power.restart(machine, signal, beforeTouch));
}
