// What a row of the two corpora is: a repository that is made on the spot, and what must come out when it is judged.
import { readdirSync } from 'node:fs';
import type { Oid } from '../../../../../reconciler/source/commit.ts';
import type { Introduction } from '../../../../../reconciler/source/trust/authenticate.ts';
import type { RefusalCode } from '../../../../../reconciler/source/trust/refusal.ts';
import type { Revocation } from '../../../../../reconciler/source/trust/trust-set.ts';
import type { World } from './world.ts';

/** A head to be judged, and what the boot server knows. */
export interface Story {
  readonly head: Oid;
  /** The last accepted commits: of this server, of the site. None by default: all is judged from the introduction on. */
  readonly accepted?: readonly (Oid | null)[];
  /** The world's own by default. */
  readonly introduction?: Introduction | null;
  /** The boot server's own list. */
  readonly revocations?: readonly Revocation[];
  /** The world's own by default, long after its last commit. */
  readonly nowSeconds?: number;
  /** File with the boot server's own key, with which it must be able to open the secrets of a whole site. */
  readonly secretsKey?: string;
  /** Where the repository is read; the working copy by default. */
  readonly gitFolder?: string;
}

export interface Attack extends Story {
  /** The commit that must be refused; the head by default. Null where nothing can be judged. */
  readonly blamed?: Oid | null;
}

export interface LegitimateHistory extends Story {
  /** Who signed, parents first, the introduction too when it is judged. */
  readonly signers: readonly string[];
  /** Who approved, by the place of the commit in `signers`. */
  readonly approvers?: Readonly<Record<number, readonly string[]>>;
}

interface Row {
  readonly name: string;
  /** Whether a whole site is made of the head; else only its history is judged. */
  readonly wholeSite?: true;
}

export interface AttackRow extends Row {
  /** Why the head is refused, or why nothing can be judged: the code of what is thrown. */
  readonly code: RefusalCode | 'corrupt-object';
  /**
   * Why the first parents of the head, accepted one after the other, lead to something else than the head at once.
   * Without it both must lead to the same.
   */
  readonly notStepByStep?: string;
  /** What would be lost if it were accepted. */
  readonly why: string;
  build(world: World): Attack | Promise<Attack>;
}

export interface LegitimateRow extends Row {
  build(world: World): LegitimateHistory | Promise<LegitimateHistory>;
}

/** Every row of every file in attacks/, by family. */
export function attackFamilies(): Promise<ReadonlyMap<string, readonly AttackRow[]>> {
  return families<AttackRow>('./attacks/');
}

/** Every row of every file in legitimate/, by family. */
export function legitimateFamilies(): Promise<ReadonlyMap<string, readonly LegitimateRow[]>> {
  return families<LegitimateRow>('./legitimate/');
}

async function families<T>(folder: string): Promise<ReadonlyMap<string, readonly T[]>> {
  const url = new URL(folder, import.meta.url);
  const found = new Map<string, readonly T[]>();
  for (const name of readdirSync(url).sort()) {
    const { rows } = (await import(new URL(name, url).href)) as { readonly rows: readonly T[] };
    found.set(name.replace(/\.ts$/, ''), rows);
  }
  return found;
}
