import type { Change } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

const sound = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s';

function withKey(key: string): readonly Change[] {
  return [['trust/signers.yaml', sound, key]];
}

/** The only signer has an OpenPGP key, in line 9. */
function withKeyFile(content: string): readonly Change[] {
  return [
    ['trust/signers.yaml', `key: ${sound}`, 'openpgp: trust/keys/ada.asc'],
    ['trust/keys/ada.asc', '', content],
  ];
}

/** A group with a list of members, in line 12. */
function withList(content: string): readonly Change[] {
  const group = '{ name: team, allowedSigners: trust/team/signers, paths: [racks/] }';
  return [
    ['trust/signers.yaml', "    paths: ['**']", `    paths: ['**']\ngroups:\n  - ${group}`],
    ['trust/team/signers', '', content],
  ];
}

export const rows: readonly BrokenSite[] = [
  {
    name: 'a key that was not copied to its end',
    change: withKey(sound.slice(0, -2)),
    found: ['BERTH-802 trust/signers.yaml:9:22'],
    says: /^no signature of Site engineers \(example\) can be checked: not a public key: its base64 is broken off/,
  },
  {
    name: 'a key that was not copied to its end, where base64 may end',
    change: withKey(sound.slice(0, -4)),
    found: ['BERTH-802 trust/signers.yaml:9:22'],
    says: /the bytes end in the middle of a value$/,
  },
  {
    name: 'a key with something behind it',
    change: withKey(`${sound}Y29tbWVudA==`),
    found: ['BERTH-802 trust/signers.yaml:9:22'],
    says: /there are bytes behind the last value$/,
  },
  {
    name: 'an Ed25519 key that is a byte too short',
    change: withKey('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAHzcq6VD9cjawMXMItPAZ2+jeb6waUOSEtHhhug9gzyw='),
    found: ['BERTH-802 trust/signers.yaml:9:22'],
    says: /an Ed25519 key has 32 bytes$/,
  },
  {
    name: 'a key of another type than it says',
    change: withKey(sound.replace('ssh-ed25519', 'ssh-rsa')),
    found: ['BERTH-802 trust/signers.yaml:9:18'],
    says: /the text says ssh-rsa, the key is ssh-ed25519$/,
  },
  {
    name: 'a key of a type that is not supported, said to be of another one',
    change: withKey(
      'ssh-rsa AAAAB3NzaC1kc3MAAACBAMmzdHYT+Lkg7Gz4RkxSLF9Qjn3k0wBOA8/qjgtlBiNZroHyiWrUP1VBZAnI0B+gi9jYqLk+iy5iN5WfF4kYSUgF4yNir9luQA5uU8CFBHak0UEOPG6AoLbOzxIpYtqZ6mZDblPZ5AoK6VKbQzJGO9Tt7vF6xyjDoN1I7G9gBB6TAAAAAwEAAQ==',
    ),
    found: ['BERTH-802 trust/signers.yaml:9:18'],
    says: /keys of type ssh-dss are not supported$/,
  },
  {
    name: 'an RSA key of 1024 bits',
    change: withKey(
      'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDJs3R2E/i5IOxs+EZMUixfUI595NMATgPP6o4LZQYjWa6B8olq1D9VQWQJyNAfoIvY2Ki5PosuYjeVnxeJGElIBeMjYq/ZbkAOblPAhQR2pNFBDjxugKC2zs8SKWLamepmQ25T2eQKCulSm0MyRjvU7e7xescow6DdSOxvYAQekw==',
    ),
    found: ['BERTH-802 trust/signers.yaml:9:18'],
    says: /an RSA key of 1024 bits is too weak, 2048 are needed$/,
  },
  {
    name: 'a key whose point is not on its curve',
    change: withKey(
      'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=',
    ),
    found: ['BERTH-802 trust/signers.yaml:9:30'],
    says: /its numbers make no key$/,
  },
  {
    name: 'a signer without a key',
    change: [['trust/signers.yaml', `    key: ${sound}\n`, '']],
    found: ['BERTH-802 trust/signers.yaml:8:5'],
    says: /^Site engineers \(example\) has no key$/,
  },
  {
    name: 'a file with a key that is not there',
    change: withKeyFile('').slice(0, 1),
    found: ['BERTH-802 trust/signers.yaml:9:14'],
    says: /^there is no file trust\/keys\/ada\.asc that holds text$/,
  },
  {
    name: 'a private key',
    change: withKeyFile('-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxx\n-----END PGP PRIVATE KEY BLOCK-----\n'),
    found: ['BERTH-802 trust/keys/ada.asc:1:1'],
    says: /^the file holds a private key of Site engineers \(example\): whoever can read it can sign$/,
  },
  {
    name: 'a fingerprint in place of a key',
    change: withKeyFile('D8692123C4065DEA5E0F3AB5249B39D24F25E3B6\n'),
    found: ['BERTH-802 trust/keys/ada.asc:1:1'],
    says: /^no signature of Site engineers \(example\) can be checked: /,
  },
  {
    name: 'lists of signers that OpenSSH stops at, or that name nobody',
    change: withList(
      `# the team\nada@example.com ${sound.slice(0, -4)}\n*@example.com namespaces="git" ${sound}\nada valid-before="20270101" ${sound}\n`,
    ),
    found: [
      'BERTH-802 trust/team/signers:2:17',
      'BERTH-802 trust/team/signers:3:1',
      'BERTH-802 trust/team/signers:4:5',
    ],
    says: /the bytes end in the middle of a value$/,
  },
  {
    name: 'a list of signers for mail',
    change: withList(
      'ada namespaces="email" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr\n',
    ),
    found: ['BERTH-802 trust/team/signers:1:1'],
    says: /^the key of ada signs no commits: its namespaces are email$/,
  },
];
