// OpenPGP.js: when it is loaded, and how it is told to read and check.
import type { Config, PartialConfig } from 'openpgp';

export type OpenPgpLibrary = typeof import('openpgp');

/** It is large, and of no use where there are only SSH keys: it is loaded with the first key or signature. */
export function loadOpenPgp(): Promise<OpenPgpLibrary> {
  return import('openpgp');
}

/**
 * How the library is to read and check, for one call; its global settings are never touched.
 *
 * - Packets that are unknown or malformed are errors: a revocation that is not understood must not be passed over.
 * - No notation is known, so that a critical one makes a statement or signature invalid.
 * - No hash is refused: which are too weak is judged in openpgp-strength.ts, so that it can be said.
 */
export function openPgpConfig(openpgp: OpenPgpLibrary): Config {
  const settings: PartialConfig = {
    ignoreUnsupportedPackets: false,
    ignoreMalformedPackets: false,
    enforceGrammar: true,
    additionalAllowedPackets: [],
    enableParsingV5Entities: false,
    knownNotations: [],
    rejectHashAlgorithms: new Set(),
    rejectMessageHashAlgorithms: new Set(),
  };
  return { ...openpgp.config, ...settings };
}
