import { parseAgeRecipient, sshTag } from '../../../../schema/age-recipient.ts';
import type { Change } from '../../example-site.ts';
import { ageStanza, armored, passphraseStanza, sealedFile, sshStanza } from '../../sealed-file.ts';
import type { BrokenSite } from '../broken-site.ts';

const ageKey = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const otherAgeKey = 'age1nglw8xlf3evkhv6zxmfr7fju9qymp66yrqzw2qla4e69vrwdg4xswnlye5';
const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s';
const ada = parseAgeRecipient(sshKey);
const adasTag = ada.kind === 'ssh-ed25519' ? sshTag(ada.wire) : '';

const servers = `  - { name: servers, key: ${ageKey}, servers: true }\n`;
const recipients = (text: string): Change => ['trust/recipients.yaml', '', `recipients:\n${text}`];
/** The boot servers' key in line 2, an SSH key in line 3. */
const both = recipients(`${servers}  - { name: Ada, key: ${sshKey} }\n`);
const secret = (content: string | Uint8Array): Change => ['secrets/bmc.age', '', content];
const sound = sealedFile([ageStanza, sshStanza(adasTag)]);

export const rows: readonly BrokenSite[] = [
  {
    name: 'secrets, and nobody who can open them',
    change: [secret(sound), ['secrets/etcd/ca.age', '', sound]],
    found: ['BERTH-831 secrets/bmc.age:1:1'],
    says: /^there are secrets, but no trust\/recipients\.yaml that says who can open them$/,
  },
  {
    name: 'a key of age with a typing error',
    change: [recipients(servers.replace('qmcac8p', 'qmcac8q'))],
    found: ['BERTH-832 trust/recipients.yaml:2:27'],
    says: /^nothing can be sealed to servers: its checksum does not hold: a character is wrong or missing$/,
  },
  {
    name: 'an SSH key that was not copied to its end',
    change: [recipients(`${servers}  - { name: Ada, key: ${sshKey.slice(0, -4)} }\n`)],
    found: ['BERTH-832 trust/recipients.yaml:3:23'],
    says: /^nothing can be sealed to Ada: not a public key: the bytes end in the middle of a value$/,
  },
  {
    name: 'an SSH key of another type than it says',
    change: [
      recipients(
        `${servers}  - { name: Ada, key: ssh-ed25519 ${Buffer.concat([Buffer.from('\0\0\0\x07ssh-dss')]).toString('base64')} }\n`,
      ),
    ],
    found: ['BERTH-832 trust/recipients.yaml:3:23'],
    says: /keys of type ssh-dss are not supported$/,
  },
  {
    name: 'a private key where the public one belongs',
    change: [recipients(`${servers}  - { name: Ada, key: AGE-SECRET-KEY-1${'Q'.repeat(58)} }\n`)],
    found: ['BERTH-008 trust/recipients.yaml:3:23'],
    says: /^recipients\.1\.key is a private key: it must match/,
  },
  {
    name: 'a recipient twice',
    change: [recipients(`${servers}  - { name: servers, key: ${sshKey} }\n`)],
    found: ['BERTH-833 trust/recipients.yaml:3:13'],
    says: /^the recipient servers is taken already at trust\/recipients\.yaml:2:13$/,
  },
  {
    name: 'a key of two recipients',
    change: [recipients(`${servers}  - { name: Ada, key: ${ageKey} }\n`)],
    found: ['BERTH-833 trust/recipients.yaml:3:23'],
    says: /^the key age1ql3\S+ is taken already at trust\/recipients\.yaml:2:27$/,
  },
  {
    name: 'recipients, and no boot server among them',
    change: [recipients(`  - { name: Ada, key: ${sshKey} }\n`)],
    found: ['BERTH-834 trust/recipients.yaml:1:1'],
    says: /^none of the recipients is a key of boot servers$/,
  },
  {
    name: 'a sealed file that was cut off',
    change: [both, secret(sound.subarray(0, -40))],
    found: ['BERTH-835 secrets/bmc.age:1:1'],
    says: /^the sealed file cannot be opened by anybody: it is cut off$/,
  },
  {
    name: 'a sealed file whose armor was cut off',
    change: [both, secret(armored(sound).slice(0, -40))],
    found: ['BERTH-835 secrets/bmc.age:1:1'],
    says: /^the sealed file cannot be opened by anybody: it is cut off: its last line is not -----END AGE/,
  },
  {
    name: 'a secret that is not sealed to one of two',
    change: [both, secret(sealedFile([ageStanza]))],
    found: ['BERTH-836 secrets/bmc.age:1:1'],
    says: /^the secret is not sealed to 1 of the 2 recipients$/,
  },
  {
    name: 'a secret that is sealed to one who is none',
    change: [both, secret(armored(sealedFile([ageStanza, sshStanza(adasTag), ageStanza])))],
    found: ['BERTH-836 secrets/bmc.age:1:1'],
    says: /^the secret is sealed to 1 key that is none$/,
  },
  {
    name: 'a secret that is sealed to the SSH key of somebody else',
    change: [both, secret(sealedFile([ageStanza, sshStanza('AAAAAA')]))],
    found: ['BERTH-836 secrets/bmc.age:1:1'],
    says: /^the secret is not sealed to 1 of the 2 recipients and is sealed to 1 key that is none$/,
  },
  {
    name: 'a secret that is sealed with a passphrase',
    change: [both, secret(sealedFile([passphraseStanza]))],
    found: ['BERTH-836 secrets/bmc.age:1:1'],
    says: /^the secret is sealed with a passphrase$/,
  },
  {
    name: 'a secret that is sealed to a key of a plugin too',
    change: [both, secret(sealedFile([ageStanza, sshStanza(adasTag), '-> piv-p256 x y\n\n']))],
    found: ['BERTH-836 secrets/bmc.age:1:1'],
    says: /^the secret is sealed to a key of type piv-p256 too, which trust\/recipients\.yaml cannot have$/,
  },
  {
    name: 'an age key that is replaced, and a secret that is not sealed again',
    before: [both, secret(sound), ['secrets/new.age', '', sound]],
    change: [
      ['trust/recipients.yaml', ageKey, otherAgeKey],
      ['secrets/new.age', '', sealedFile([ageStanza, sshStanza(adasTag)], 61)],
    ],
    found: ['BERTH-931 secrets/bmc.age:1:1'],
    says: /^trust\/recipients\.yaml has another age key, but the secret is sealed as it was$/,
  },
];
