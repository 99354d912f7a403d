// Files with the form that age gives them, sealed to nobody: what is in the place of keys and content opens nowhere.

const share = Buffer.alloc(32, 1).toString('base64').replace('=', '');
const body = Buffer.alloc(32, 2).toString('base64').replace('=', '');

/** The stanza of one of age's own keys. */
export const ageStanza = `-> X25519 ${share}\n${body}\n`;

/** @param tag of the SSH key, six characters */
export function sshStanza(tag: string): string {
  return `-> ssh-ed25519 ${tag} ${share}\n${body}\n`;
}

export const passphraseStanza = `-> scrypt ${Buffer.alloc(16, 3).toString('base64').replace('==', '')} 18\n${body}\n`;

/**
 * @param stanzas each as it stands in the header
 * @param payloadBytes nonce, chunks and their tags
 */
export function sealedFile(stanzas: readonly string[], payloadBytes = 60): Buffer {
  const mac = Buffer.alloc(32, 4).toString('base64').replace('=', '');
  const header = `age-encryption.org/v1\n${stanzas.join('')}--- ${mac}\n`;
  return Buffer.concat([Buffer.from(header), Buffer.alloc(payloadBytes, 5)]);
}

export function armored(sealed: Uint8Array): string {
  const lines = Buffer.from(sealed).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN AGE ENCRYPTED FILE-----\n${lines}\n-----END AGE ENCRYPTED FILE-----\n`;
}
