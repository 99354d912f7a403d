// Which values are secret by what they are called, or are none by how they look.

/** Names of values that are secret, and endings that make a name one of something else: where it is, not what it is. */
export const secretWord =
  /pass(?:word|wd|phrase)|secret|token|credential|(?:api|access|private|encryption|signing|pre-?shared)[-_.]?key|key-data|(?<![a-z])psk(?![a-z])/i;
const tellsWhere =
  /(?:file|path|dir|directory|name|namespace|ref|reference|url|uri|type|class|provider|mode|kind|key-?ref|ttl|seconds|count|limit|policy|source|projection|audience|issuer|rotation|enabled|required)s?$/i;

/** Whether a value with that name is taken for a secret. A path is what its last step says. */
export function isSecretName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return secretWord.test(name) && !tellsWhere.test(name.replace(/[-_.]/g, ''));
}

/** Switches, what a shell puts in, files, digests as they are shown, and what has been replaced before are no secrets. */
export function isSecretValue(value: string): boolean {
  const bare = value
    .trim()
    .replace(/,$/, '')
    .replace(/^(["'])([\s\S]*)\1$/, '$2');
  return !noSecret.test(bare) && !bare.includes('(redacted');
}

const noSecret =
  /^(?:|true|false|yes|no|on|off|none|null|~|[{[]|[{[].*[\]}]|sha256 [0-9a-f]{12}|[|>][-+\d]*|\$\(.*|\$\{\w+\}|\/(?:boot|dev|etc|home|lib|mnt|opt|proc|root|run|srv|sys|tmp|usr|var)\/[\w./-]*)$/s;
