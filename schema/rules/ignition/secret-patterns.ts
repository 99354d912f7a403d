// What secrets look like in clear.

export interface SecretPattern {
  /** In words, with its article. */
  readonly what: string;
  /** Texts of which each match holds one; looked for first, since to look for a plain text is quick. */
  readonly anchors: readonly string[];
  /** With the flags g and m. A group named `secret` is the place, where it is not the whole. */
  readonly pattern: RegExp;
  /** Prose and comments have such texts, too, and mean nothing by it. */
  readonly loose?: true;
}

/**
 * A password, a token or the like behind its name. A template, a variable or a path is none, nor is what programs have
 * there: a type, a call, a member of something, the name of a parameter; nor is the last word of a message.
 */
const literal =
  /(?<![\w.-])[\w.-]*(?:password|passphrase|api[_-]?key|access[_-]?token|client[_-]?secret)["']?[ \t]*[:=][ \t]*(?<secret>"(?!["{$/<%*])[^"\n]+"|'(?!['{$/<%*])[^'\n]+'|(?!["'{[$/<>|%*&!#~=]|(?:true|false|yes|no|none|nil|null|undefined|files?|required|optional|str|string|bytes?|any|key|secret|token|pass|passwd|password|pw|pwd|apikey)\b(?!-)|[\w.]+[([]|(?<=:[ \t]*)[a-z]+["']|[a-z_]\w*(?:\.[a-z_]\w*)+[ \t]*(?:[,;)}\]]|$))[^\s,;}\])#]+[ \t]*(?:[\r,;}\])#]|$))/gim;

export const secretPatterns: readonly SecretPattern[] = [
  {
    // PEM (RFC 7468), OpenSSH's and OpenPGP's. What follows the line is looked at, since programs name the line itself.
    what: 'a private key',
    anchors: ['PRIVATE KEY'],
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn])*(?:[A-Za-z0-9+/]{16}|[A-Z][A-Za-z-]+: )/gm,
  },
  { what: "age's secret key", anchors: ['AGE-SECRET-KEY-'], pattern: /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{40,}/gm },
  {
    what: 'the id of an AWS access key',
    anchors: ['AKIA', 'ASIA'],
    pattern: /(?<![A-Za-z0-9+/])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9+/])/gm,
  },
  {
    what: 'an AWS secret access key',
    anchors: ['ecret', 'ECRET'],
    pattern: /secret_?access_?key["']?\s*[:=]\s*["']?(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/])/gim,
  },
  {
    what: 'a token of GitHub',
    anchors: ['gh', 'github_pat_'],
    pattern: /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})/gm,
  },
  { what: 'a token of GitLab', anchors: ['glpat-'], pattern: /(?<!\w)glpat-[\w-]{20,}/gm },
  { what: 'a token of Slack', anchors: ['xox'], pattern: /(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{20,}/gm },
  { what: 'a token of Vault', anchors: ['hv'], pattern: /(?<!\w)hv[sb]\.[\w-]{24,}/gm },
  {
    // RFC 7519: two JSON objects and a signature.
    what: 'a bearer token',
    anchors: ['eyJ'],
    pattern: /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/gm,
  },
  {
    what: 'a bootstrap token of Kubernetes',
    anchors: ['oken'],
    pattern: /token["']?\s*[:=]?\s*["']?(?<secret>(?<![\w.])[a-z0-9]{6}\.[a-z0-9]{16})(?![\w.])/gim,
  },
  {
    // crypt(5): whoever reads a hash can guess at what it is of.
    what: 'the hash of a password',
    anchors: ['$'],
    pattern: /\$(?:1|2[aby]|5|6|7|y|gy)\$[./A-Za-z0-9=,$]{20,}/gm,
  },
  {
    // RFC 3986 §3.2.1: scheme://user:password@host.
    what: 'a password in a URL',
    anchors: ['://'],
    pattern:
      /:\/\/[^\s/:@"'<>{}$%]+:(?<secret>(?!(?:pass|passwd|password|pwd|secret|token|x+)@)[^\s/:@"'<>{}$%*]+)@[A-Za-z0-9.[{-]/gim,
    loose: true,
  },
  {
    // BIRD's `password "…"` of a BGP session, without a colon.
    what: 'a password',
    anchors: ['password'],
    pattern: /(?<![\w-])password[ \t]+(?<secret>"(?!["{$<%])[^"\n]+")/gm,
    loose: true,
  },
  {
    // A variable of a container, in YAML: its name, and its value behind it.
    what: 'a password, or the like of one',
    anchors: ['value:'],
    pattern:
      /name:[ \t]*["']?[\w.-]*(?:password|passphrase|api[_-]?key|access[_-]?token|client[_-]?secret)["']?[ \t]*(?:,[ \t]*|\r?\n[ \t]*)value:[ \t]*["']?(?<secret>(?!["'{$/<%*#]|(?:true|false|yes|no|none|null)\b)[^\s,;}"']+)/gim,
    loose: true,
  },
  {
    what: 'a password, or the like of one',
    anchors: ['ass', 'ASS', 'api', 'Api', 'API', 'oken', 'OKEN', 'ecret', 'ECRET'],
    pattern: literal,
    loose: true,
  },
];
