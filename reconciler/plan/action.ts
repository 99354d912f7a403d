// What a plan consists of. The executor has one file for each kind.
import type { Digest } from '../../schema/canonical.ts';
import type { Place } from '../../schema/diagnostic.ts';
import type { Operation } from '../../schema/types/operation.ts';

/** How much an action disturbs, from nothing to what can't be undone. */
export type Disruption = 'none' | 'reboot';

/** A value that changed, and where the site repo says so. */
export interface Reason {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly place: Place | null;
}

/** What fails together with the subject of an action. */
export interface FailureDomains {
  readonly rack: string;
  readonly tors: readonly string[];
  readonly powerFeed: string;
  readonly role: string;
}

export type GateCode =
  | 'refused'
  | 'publish'
  | 'servers'
  | 'halted'
  | 'freeze'
  | 'window'
  | 'wave'
  | 'rack'
  | 'budget'
  | 'canary'
  | 'soak';

export interface ClosedGate {
  readonly open: false;
  readonly code: GateCode;
  readonly waitsFor: string;
}

/** Whether an action may start now, and if not, what it waits for. */
export type Gate = { readonly open: true } | ClosedGate;

interface ActionBase {
  /** The generation that the action belongs to. */
  readonly generation: number;
  readonly disruption: Disruption;
  readonly gate: Gate;
  /** The fact that proves the action done. */
  readonly doneWhen: string;
}

/** Write a generation: its objects, then the pointer to it. */
export interface PublishAction extends ActionBase {
  readonly kind: 'publish';
  readonly root: Digest;
  readonly parent: Digest | null;
  readonly commit: string;
  /** What changes of the site itself: pins, racks, boot servers, policy. Machines speak for themselves. */
  readonly changes: readonly Reason[];
}

interface MachineActionBase extends ActionBase {
  readonly serial: string;
  readonly name: string;
  readonly domains: FailureDomains;
  readonly reasons: readonly Reason[];
  readonly bmcAddress: string;
  readonly bootDigest: Digest;
}

/** First boot of a machine that has never reported: power on. */
export interface ProvisionAction extends MachineActionBase {
  readonly kind: 'provision';
  readonly bootIdBefore: null;
}

/** Power cycle of a machine that runs, so that it boots what it should. */
export interface RestartAction extends MachineActionBase {
  readonly kind: 'restart';
  readonly bootIdBefore: string | null;
}

/** Forget an operation whose effect has been seen, or that nothing is left to do for. */
export interface FinishAction extends ActionBase {
  readonly kind: 'finish';
  readonly serial: string;
  readonly name: string;
  /** What has become of the machine, in a few words. */
  readonly because: string;
  readonly operation: Operation;
}

export type PowerAction = ProvisionAction | RestartAction;
export type Action = PublishAction | PowerAction | FinishAction;

/** Names an action: the same in every plan that asks for it. */
export function actionKey(action: Action): string {
  return action.kind === 'publish' ? `publish/${action.root}` : `${action.kind}/${action.serial}`;
}
