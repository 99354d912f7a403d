// Keeps the books of whom an agent believes: reads what this server remembers anew for each round, since administrators
// write there too, and writes down what was accepted or is held before anything more comes of it.
import type { Digest } from '../../schema/canonical.ts';
import type { RefusedHead } from '../source/accept.ts';
import type { Oid } from '../source/commit.ts';
import type { Kinship } from '../source/kinship.ts';
import { type JudgementOptions, type Terms, termsOf } from './judgement.ts';
import { TrustFolder, type TrustMemory } from './trust-folder.ts';
import type { AcceptedRecord } from './trust-records.ts';

export interface TrustLedgerOptions extends JudgementOptions {
  /** Folder of what this server has to remember by itself. */
  readonly folder: string;
}

export class TrustLedger {
  readonly #options: TrustLedgerOptions;
  readonly #folder: TrustFolder;
  readonly #kinship: Kinship;
  #memory: TrustMemory | null = null;
  /** A verdict could not be written down: nothing is taken for remembered until it can be. */
  #isStuck = false;

  constructor(options: TrustLedgerOptions, kinship: Kinship) {
    this.#options = options;
    this.#folder = new TrustFolder(options.folder);
    this.#kinship = kinship;
  }

  /** What is remembered, as it was read or written last; null before the first time. */
  get memory(): TrustMemory | null {
    return this.#memory;
  }

  /** @throws {TrustFolderError} when it cannot be relied on, or it is not clear where trust begins */
  async read(): Promise<TrustMemory> {
    const memory = await this.#folder.read();
    this.#memory = memory;
    await this.#termsOf(memory, null);
    return memory;
  }

  /** By what heads are judged now. @param siteAccepted the commit that etcd has; null before the first */
  terms(siteAccepted: Oid | null): Promise<Terms> {
    return this.#termsOf(this.#memory ?? nothingRemembered, siteAccepted);
  }

  /** @throws {TrustFolderError} when that cannot be remembered */
  async remember(commit: Oid, signer: string | null, trustSet: Digest, { basis }: Terms): Promise<void> {
    const { introduction: told, siteId } = this.#options;
    const { accepted, anchorCount: anchors } = basis;
    const at = new Date().toISOString();
    if (this.#memory?.introduction === null && told?.keyFingerprint) {
      await this.#folder.writeIntroduction({ commit: told.commit, key: told.keyFingerprint, site: siteId, at });
    }
    const isSame = accepted?.commit === commit;
    const isKept = isSame && accepted.trustSet === trustSet && (accepted.anchors ?? 0) === anchors && !accepted.held;
    if (isKept && !this.#isStuck) return;
    await this.#write({ commit, signer, trustSet, anchors, at: isSame ? accepted.at : at });
  }

  /**
   * That a head, which has to be followed on from now on, disbelieves what was accepted.
   * @throws {TrustFolderError} when that cannot be remembered
   */
  async rememberHold(accepted: AcceptedRecord, head: Oid, refused: RefusedHead, at: string): Promise<void> {
    await this.#write({ ...accepted, held: { head, ...refused, at } });
  }

  async #write(accepted: AcceptedRecord): Promise<void> {
    this.#isStuck = true;
    await this.#folder.writeAccepted(accepted);
    this.#isStuck = false;
    if (this.#memory) this.#memory = { ...this.#memory, accepted };
  }

  #termsOf(memory: TrustMemory, siteAccepted: Oid | null): Promise<Terms> {
    return termsOf(this.#options, memory, siteAccepted, this.#kinship);
  }
}

const nothingRemembered: TrustMemory = { introduction: null, accepted: null, anchors: [], revoked: [] };
