// Power of a machine, whatever its BMC speaks.
import type { MachineObject } from '../../schema/types/machine-object.ts';

/** Whose power: a machine object will do. */
export type PowerTarget = Pick<MachineObject, 'serial'> & {
  readonly bmc: Pick<MachineObject['bmc'], 'address'>;
};

/** `changing` is on its way from one to the other; `unknown` is whatever else a BMC may say. */
export type PowerState = 'on' | 'off' | 'changing' | 'unknown';

/** Whether the BMC was told to do something, or the machine was as wanted already. */
export type PowerChange = 'done' | 'already';

/**
 * What the reconciler asks of power. Every method makes sure first that the BMC belongs to the machine that is meant,
 * and rejects with {@link PowerError}, or with the signal's reason when it aborts. `beforeTouch` is called at the last
 * moment before the BMC is told to do something; what it throws is what the method rejects with, and nothing is done.
 */
export interface Power {
  state(target: PowerTarget, signal?: AbortSignal): Promise<PowerState>;
  /** Safe to repeat: a machine that is on is left alone. */
  on(target: PowerTarget, signal?: AbortSignal, beforeTouch?: () => void): Promise<PowerChange>;
  /** At once, without asking the OS. Safe to repeat: a machine that is off is left alone. */
  off(target: PowerTarget, signal?: AbortSignal, beforeTouch?: () => void): Promise<PowerChange>;
  /**
   * Power cycle; a machine that is off is powered on. NOT safe to repeat blindly: each call restarts once more, and one
   * whose answer got lost may have restarted. The machine's boot id tells whether it has.
   */
  restart(target: PowerTarget, signal?: AbortSignal, beforeTouch?: () => void): Promise<PowerChange>;
}

export type PowerErrorCode =
  /** No answer in time: what was asked may have happened or not. */
  | 'POWER_UNREACHABLE'
  /** The BMC takes us for nobody, or for somebody who may not. */
  | 'POWER_UNAUTHORIZED'
  /** The BMC answered, and will not. */
  | 'POWER_REFUSED'
  /** The BMC offers no kind of reset that would do. */
  | 'POWER_UNSUPPORTED'
  /** The BMC's answer makes no sense. */
  | 'POWER_BAD_ANSWER'
  /** Another machine hangs on this BMC; nothing was done. */
  | 'POWER_WRONG_MACHINE';

export class PowerError extends Error {
  readonly code: PowerErrorCode;
  readonly serial: string;
  readonly address: string;

  constructor(code: PowerErrorCode, target: PowerTarget, problem: string) {
    super(`power of ${target.serial}, BMC ${target.bmc.address}: ${problem}`);
    this.code = code;
    this.serial = target.serial;
    this.address = target.bmc.address;
  }
}
