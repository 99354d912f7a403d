// What the owner of an OpenPGP key says about it (RFC 9580 §5.2.1): which of its parts may sign, until when, and
// whether they are revoked. The library checks numbers; what follows from them is judged here, so that each reason has
// its name.
import type { Config, Key, PublicKeyPacket, PublicSubkeyPacket, SignaturePacket, Subkey, User } from 'openpgp';
import type { OpenPgpKey, OpenPgpKeyPart } from './openpgp.ts';
import { type OpenPgpLibrary, openPgpConfig } from './openpgp-library.ts';
import { algorithmFault, isWeakHash } from './openpgp-strength.ts';

/** Signatures by which the owner says something about a key or a subkey. */
type Statements = readonly SignaturePacket[];

type Fault = OpenPgpKeyPart['fault'];

/**
 * Reads the statements of one key. As in gpg the newest one of a sort counts, from whatever time, and a revocation
 * counts for all time. Unlike in gpg a key is of no use when such a statement is over a weak hash, or when none says
 * that it may sign.
 */
export class KeyReader {
  private readonly config: Config;
  private readonly primary: PublicKeyPacket;

  constructor(
    private readonly openpgp: OpenPgpLibrary,
    private readonly key: Key,
  ) {
    this.config = openPgpConfig(openpgp);
    this.primary = key.toPublic().keyPacket as PublicKeyPacket;
  }

  async read(): Promise<OpenPgpKey> {
    const statements = await this.ownStatements();
    const fault = await this.primaryFault(statements);
    const primary: OpenPgpKeyPart = {
      fingerprint: this.primary.getFingerprint().toUpperCase(),
      createdSeconds: secondsOf(this.primary.created),
      expiresSeconds: expiry(this.primary.created, statements),
      fault: fault ?? this.signingFault(statements, 'primary key'),
      packet: this.primary,
    };
    const subkeys: OpenPgpKeyPart[] = [];
    for (const subkey of this.key.subkeys) subkeys.push(await this.subkey(subkey, primary, fault));
    return { fingerprint: primary.fingerprint, parts: [primary, ...subkeys] };
  }

  /** Of the primary key: the newest signature over the key itself, and the newest over the user IDs in force. */
  private async ownStatements(): Promise<Statements> {
    const { signature } = this.openpgp.enums;
    const packets = this.key.toPacketList().filterByTag(this.openpgp.enums.packet.signature) as SignaturePacket[];
    const direct = packets.filter(({ signatureType }) => signatureType === signature.key);
    const overKey = await this.newest(direct, signature.key, { key: this.primary });
    const overUsers: SignaturePacket[] = [];
    // Version 6 says what it has to say in direct signatures (RFC 9580 §10.1.1).
    for (const user of this.primary.version === 6 ? [] : this.key.users) {
      const statement = await this.overUser(user);
      if (statement) overUsers.push(statement);
    }
    return [overKey, newestFirst(overUsers)[0]].filter((statement) => statement !== undefined);
  }

  private async overUser(user: User): Promise<SignaturePacket | undefined> {
    const { signature } = this.openpgp.enums;
    const about = { key: this.primary, userID: user.userID, userAttribute: user.userAttribute };
    const statement = await this.newest(user.selfCertifications, signature.certGeneric, about);
    const revocation = await this.newest(user.revocationSignatures, signature.certRevocation, about);
    return revocation && Number(revocation.created) >= Number(statement?.created) ? undefined : statement;
  }

  private async primaryFault(statements: Statements): Promise<Fault> {
    const { keyRevocation } = this.openpgp.enums.signature;
    const fault = algorithmFault(this.openpgp, this.primary);
    if (fault) return fault;
    if (await this.newest(this.key.revocationSignatures, keyRevocation, { key: this.primary })) {
      return { code: 'key-revoked', message: 'the key is revoked by its owner' };
    }
    if (statements.length === 0) {
      return {
        code: 'not-a-signing-key',
        message: 'the key carries no valid signature of its own, or only revoked ones',
      };
    }
    return this.hashFault(statements, 'the key');
  }

  private async subkey(subkey: Subkey, primary: OpenPgpKeyPart, primaryFault: Fault): Promise<OpenPgpKeyPart> {
    const packet = subkey.keyPacket as PublicSubkeyPacket;
    const { subkeyBinding } = this.openpgp.enums.signature;
    const about = { key: this.primary, bind: packet };
    const binding = await this.newest(subkey.bindingSignatures, subkeyBinding, about);
    return {
      fingerprint: packet.getFingerprint().toUpperCase(),
      createdSeconds: Math.max(secondsOf(packet.created), primary.createdSeconds),
      expiresSeconds: Math.min(expiry(packet.created, binding ? [binding] : []), primary.expiresSeconds),
      fault: primaryFault ?? (await this.subkeyFault(subkey, binding)),
      packet,
    };
  }

  private async subkeyFault(subkey: Subkey, binding: SignaturePacket | undefined): Promise<Fault> {
    const { subkeyRevocation, keyBinding } = this.openpgp.enums.signature;
    const packet = subkey.keyPacket as PublicSubkeyPacket;
    const about = { key: this.primary, bind: packet };
    if (!binding) return { code: 'not-a-signing-key', message: 'the subkey is not signed by the primary key' };
    if (await this.newest(subkey.revocationSignatures, subkeyRevocation, about)) {
      return { code: 'key-revoked', message: 'the subkey is revoked by its owner' };
    }
    const fault = this.signingFault([binding], 'subkey') ?? algorithmFault(this.openpgp, packet);
    if (fault) return fault;
    // Without it anyone could take the subkey of another for their own (RFC 9580 §10.1.5).
    const back = binding.embeddedSignature;
    if (back?.signatureType !== keyBinding || !(await this.holds(back, packet, keyBinding, about))) {
      return { code: 'not-a-signing-key', message: 'the subkey has not signed that it belongs to the primary key' };
    }
    return this.hashFault([binding, back], 'the subkey');
  }

  private signingFault(statements: Statements, what: string): Fault {
    const flags = statements.map(({ keyFlags }) => keyFlags?.[0]).filter((first) => first !== undefined);
    const maySign = flags.every((first) => (first & this.openpgp.enums.keyFlags.signData) !== 0);
    if (maySign && flags.length > 0) return null;
    return { code: 'not-a-signing-key', message: `the ${what} is not meant for signing` };
  }

  private hashFault(statements: Statements, what: string): Fault {
    if (!statements.some(({ hashAlgorithm }) => isWeakHash(this.openpgp, hashAlgorithm))) return null;
    return { code: 'weak-hash', message: `${what} is bound by signatures over a weak hash: renew it with SHA-256` };
  }

  /** The newest of some signatures that the primary key has really made. */
  private async newest(signatures: Statements, type: number, about: object): Promise<SignaturePacket | undefined> {
    for (const signature of newestFirst(signatures)) {
      if (await this.holds(signature, this.primary, type, about)) return signature;
    }
    return undefined;
  }

  /** Whether a key has made a signature; when that was is not asked. */
  private async holds(
    signature: SignaturePacket,
    by: PublicKeyPacket | PublicSubkeyPacket,
    type: number,
    about: object,
  ): Promise<boolean> {
    const { publicKey } = this.openpgp.enums;
    const isEd25519 = by.algorithm === publicKey.eddsaLegacy || by.algorithm === publicKey.ed25519;
    if (isEd25519 && isWeakHash(this.openpgp, signature.hashAlgorithm)) {
      // The library does not even look at it. It counts: a revocation must not be passed over, and whatever else
      // stands on such a signature is refused for its hash.
      return signature.issuerKeyID.equals(by.getKeyID());
    }
    try {
      await signature.verify(by, type, about, signature.created ?? undefined, false, this.config);
      return true;
    } catch {
      return false;
    }
  }
}

function newestFirst(signatures: Statements): SignaturePacket[] {
  return [...signatures].sort((a, b) => Number(b.created) - Number(a.created));
}

/** When a key ends by what is said about it, in seconds since 1970; with the statement, where that ends earlier. */
function expiry(created: Date, statements: Statements): number {
  const ends = statements.flatMap((statement) => {
    const keyEnd = statement.keyExpirationTime ? secondsOf(created) + statement.keyExpirationTime : Infinity;
    return [keyEnd, Number(statement.getExpirationTime()) / 1000];
  });
  return Math.min(...ends, Infinity);
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
