// What can be seen of a machine from outside while it boots: one event per stage.
import type { BootClient } from './dhcp-client.ts';

/** What a stage has to tell; `detail` is a sentence for people. */
export type BootStage = { readonly detail: string } & (
  | { readonly stage: 'dhcp'; readonly client: BootClient; readonly address: string; readonly url: string }
  /** An answer that the client, or the relay agent before it, did not take. */
  | { readonly stage: 'answer-ignored'; readonly client: BootClient }
  | { readonly stage: 'nak'; readonly client: BootClient }
  | { readonly stage: 'card-failed'; readonly mac: string; readonly code: string }
  | { readonly stage: 'boot-program' | 'kernel' | 'initrd'; readonly url: string; readonly sizeBytes: number }
  | { readonly stage: 'script'; readonly url: string }
  | { readonly stage: 'ignition'; readonly url: string; readonly version: string }
  /** The OS could not fetch its Ignition or deliver its report, and will try again. */
  | { readonly stage: 'retry'; readonly url: string; readonly code: string }
  | { readonly stage: 'report'; readonly phase: ReportedPhase }
);

/** Phases that the OS reports; that it boots is the boot server's own observation. */
export type ReportedPhase = 'provisioning' | 'running';

export type BootEvent = BootStage & {
  readonly serial: string;
  readonly bootId: string;
  /** How long the stage took. */
  readonly durationMs: number;
};

/** Tell of a stage that began at a reading of `performance.now()`. */
export type TellStage = (stage: BootStage, beganMs: number) => void;
