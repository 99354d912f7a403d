import type { Change } from '../../example-site.ts';
import type { BrokenSite } from '../broken-site.ts';

const signersFile = 'trust/signers.yaml';
const everything = "    paths: ['**']";
const otherKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr';

/** A second signer, from line 11 on. */
const secondSigner = (paths: string): Change => [
  signersFile,
  everything,
  `${everything}\n  - name: Storage team\n    key: ${otherKey}\n    paths: ${paths}`,
];

/** A list of members, from line 12 on. */
const teamList: Change = [
  signersFile,
  everything,
  `${everything}\ngroups:\n  - { name: team, allowedSigners: trust/allowed_signers, paths: [racks/] }`,
];

/** What stands below the signers, from line 11 on. */
const below = (text: string): Change => [signersFile, everything, `${everything}\n${text}`];

export const rows: readonly BrokenSite[] = [
  {
    name: 'a group twice',
    change: [below('groups:\n  - { name: a, paths: [racks/] }\n  - { name: a, paths: [roles/] }\nthresholds: []')],
    found: ['BERTH-801 trust/signers.yaml:13:13'],
    says: /^there is a group a already$/,
  },
  {
    name: 'a key of two signers',
    change: [
      [
        signersFile,
        everything,
        `    paths: [racks/]
  - name: Somebody else
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s
    paths: ['**']`,
      ],
    ],
    found: ['BERTH-801 trust/signers.yaml:12:10'],
    says: /^the key of Somebody else stands already with Site engineers \(example\) \(SHA256:\S+\)$/,
  },
  {
    name: 'somebody else in the name of a signer, by a list of a team',
    change: [teamList, ['trust/allowed_signers', '', `"Site engineers (example)" ${otherKey}\n`]],
    found: ['BERTH-801 trust/allowed_signers:1:1'],
    says: /^Site engineers \(example\) stands already in trust\/signers\.yaml: whoever may change this file/,
  },
  {
    name: 'a signer of a folder that is not there',
    change: [secondSigner('[rolse/ss.yaml, ignition/ss/]')],
    found: ['BERTH-803 trust/signers.yaml:13:13'],
    says: /^Storage team has the path rolse\/ss\.yaml, at which the site repo holds no file$/,
  },
  {
    name: 'a signer of a folder without its slash',
    change: [secondSigner('[ignition/ss]')],
    found: ['BERTH-803 trust/signers.yaml:13:13'],
    says: /^Storage team has the path ignition\/ss, at which the site repo holds no file$/,
  },
  {
    name: 'nobody who may change the signers',
    change: [
      [
        signersFile,
        everything,
        '    paths: [site.yaml, releases.yaml, README.md, racks/, roles/, ignition/, kubernetes/]',
      ],
    ],
    found: ['BERTH-804 trust/signers.yaml:8:3'],
    says: /^no signer may change trust\/signers\.yaml: it would stay as it is for good$/,
  },
  {
    name: 'a threshold of two signatures',
    change: [[signersFile, everything, `${everything}\nthresholds:\n  - { paths: [trust/], signatures: 2 }`]],
    found: ['BERTH-805 trust/signers.yaml:12:36'],
    says: /^changes of trust\/\S+( and \d more files?)? take the signatures of 2 signers who may make them, but there is only Site engineers \(example\)$/,
  },
  {
    name: 'a threshold where nobody signs',
    change: [
      [
        signersFile,
        everything,
        '    paths: [trust/, site.yaml, README.md, racks/, roles/, ignition/, kubernetes/]\nthresholds:\n  - { paths: [racks/r0.yaml, releases.yaml], signatures: 1 }',
      ],
    ],
    found: ['BERTH-807 trust/signers.yaml:8:3', 'BERTH-805 trust/signers.yaml:12:30'],
    says: /^no signer may change releases\.yaml$/,
  },
  {
    name: 'wildcards inside of paths',
    change: [secondSigner('[racks/r?.yaml, ignition/**]')],
    found: ['BERTH-806 trust/signers.yaml:13:13', 'BERTH-806 trust/signers.yaml:13:28'],
    says: /^Storage team has the path racks\/r\?\.yaml: there are no wildcards but \*, which stands for anything but a \/$/,
  },
  {
    name: 'a path from the root of the file system',
    change: [secondSigner('[/racks/]')],
    found: ['BERTH-806 trust/signers.yaml:13:13'],
    says: /^Storage team has the path \/racks\/: it never covers a file: write it as seen from the site repo's top$/,
  },
  {
    name: 'files that nobody may change',
    change: [
      [
        signersFile,
        everything,
        '    paths: [trust/, site.yaml, releases.yaml, README.md, .github/, roles/, ignition/, kubernetes/]',
      ],
    ],
    found: ['BERTH-807 trust/signers.yaml:8:3'],
    says: /^no signer may change racks\/r0\.yaml and 3 more of the \d+ files$/,
  },
  {
    name: 'nobody who may change the signers, for want of a slash',
    change: [
      [
        signersFile,
        everything,
        '    paths: [trust, site.yaml, releases.yaml, README.md, racks/, roles/, ignition/, kubernetes/]',
      ],
    ],
    found: ['BERTH-804 trust/signers.yaml:8:3', 'BERTH-803 trust/signers.yaml:10:13'],
    says: /^no signer may change trust\/signers\.yaml/,
  },
  {
    name: 'a threshold of a folder that is not there',
    change: [[signersFile, everything, `${everything}\nthresholds:\n  - { paths: [trsut/], signatures: 1 }`]],
    found: ['BERTH-803 trust/signers.yaml:12:15'],
    says: /^a threshold has the path trsut\/, at which the site repo holds no file$/,
  },
  {
    name: 'a new folder that nobody may change',
    change: [
      ['kubernetes/resources/30-more/more.yaml', '', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: more }\n'],
      [
        signersFile,
        everything,
        '    paths: [trust/, site.yaml, releases.yaml, README.md, racks/, roles/, ignition/, kubernetes/cluster.yaml, kubernetes/resources/00-namespaces/, kubernetes/resources/10-dns/, kubernetes/resources/20-monitoring/]',
      ],
    ],
    found: ['BERTH-807 trust/signers.yaml:8:3'],
    says: /^no signer may change kubernetes\/resources\/30-more\/more\.yaml$/,
  },
  {
    name: 'a pattern of files that are not there',
    change: [secondSigner('[racks/r*.yaml, racks/x*.yaml, "*/"]')],
    found: ['BERTH-803 trust/signers.yaml:13:28'],
    says: /^Storage team has the path racks\/x\*\.yaml, at which the site repo holds no file$/,
  },
  {
    name: 'a group and a merge key with paths that are not there',
    change: [
      below(
        `groups:\n  - { name: a, paths: [rolse/] }\nmergeKeys:\n  - { name: Host, key: ${otherKey}, paths: [rack/] }`,
      ),
    ],
    found: ['BERTH-803 trust/signers.yaml:12:24', 'BERTH-803 trust/signers.yaml:14:114'],
    says: /^the group a has the path rolse\/, at which the site repo holds no file$/,
  },
  {
    name: 'nobody who may change the signers, since the key is revoked',
    change: [
      [signersFile, everything, `${everything}\n    revoked: { reason: stolen }`],
      [
        signersFile,
        'revoked: { reason: stolen }',
        `revoked: { reason: stolen }\n  - name: Storage team\n    key: ${otherKey}\n    paths: ["*", "r*/", ignition/, kubernetes/]`,
      ],
    ],
    found: ['BERTH-804 trust/signers.yaml:8:3'],
    says: /^no signer may change trust\/signers\.yaml/,
  },
  {
    name: 'two keys of one person for a threshold of two',
    change: [
      [
        signersFile,
        everything,
        `${everything}\n  - name: Site engineers (example)\n    key: ${otherKey}\nthresholds:\n  - { paths: [site.yaml], signatures: 2 }`,
      ],
    ],
    found: ['BERTH-805 trust/signers.yaml:14:39'],
    says: /^changes of site\.yaml take the signatures of 2 signers who may make them, but there is only Site engineers \(example\)$/,
  },
  {
    name: 'a threshold of a group whose key is revoked',
    change: [
      [
        signersFile,
        everything,
        `${everything}
  - name: Ada
    key: ${otherKey}
    revoked: { reason: lost }
groups:
  - { name: trust, members: [Ada] }
thresholds:
  - { paths: ['*', racks/], signatures: 1, group: trust }`,
      ],
    ],
    found: ['BERTH-805 trust/signers.yaml:17:41'],
    says: /^changes of README\.md and \d+ more files take the signatures of 1 signer of the group trust, but there is nobody$/,
  },
  {
    name: 'names of nobody',
    change: [
      below(
        "groups:\n  - { name: a, members: [Site engineers], paths: [racks/] }\nthresholds:\n  - { paths: ['**'], signatures: 1, group: b }",
      ),
    ],
    found: ['BERTH-808 trust/signers.yaml:12:26', 'BERTH-808 trust/signers.yaml:14:44'],
    says: /^there is no signer Site engineers, who is to be a member of a$/,
  },
  {
    name: 'a key that ends before it begins',
    change: [
      [
        signersFile,
        everything,
        `${everything}\n    validAfter: 2027-01-01T00:00:00Z\n    validBefore: 2026-01-01T00:00:00Z`,
      ],
    ],
    found: ['BERTH-809 trust/signers.yaml:12:18'],
    says: /^the key of Site engineers \(example\) counts at no time: it ends before it begins$/,
  },
  {
    name: 'days that are not in the calendar',
    change: [
      [
        signersFile,
        everything,
        `${everything}\n    validBefore: 2026-02-30T00:00:00Z\n  - name: Ada\n    key: ${otherKey}\n    revoked: { reason: lost, from: 2026-13-01T00:00:00Z }`,
      ],
    ],
    found: ['BERTH-809 trust/signers.yaml:11:18', 'BERTH-809 trust/signers.yaml:14:36'],
    says: /^there is no such time as 2026-02-30T00:00:00Z$/,
  },
  {
    name: 'a signer and a group without effect',
    change: [
      [
        signersFile,
        everything,
        `${everything}\n  - name: Ada\n    key: ${otherKey}\ngroups:\n  - { name: a, members: [Site engineers (example)] }`,
      ],
    ],
    found: ['BERTH-810 trust/signers.yaml:11:11', 'BERTH-810 trust/signers.yaml:14:13'],
    says: /^Ada may change nothing, and is in no group$/,
  },
  {
    name: 'a merge key that is the key of a signer',
    change: [
      below(
        "mergeKeys:\n  - name: Host\n    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s\n    paths: ['**']",
      ),
    ],
    found: ['BERTH-811 trust/signers.yaml:13:10'],
    says: /^the merge key Host is a key of Site engineers \(example\) \(SHA256:/,
  },
  {
    name: 'files with keys that nothing names',
    change: [
      ['trust/keys/ada.asc', '', 'to come\n'],
      ['trust/allowed_signers', '', '# nobody\n'],
    ],
    found: ['BERTH-812 trust/allowed_signers:1:1', 'BERTH-812 trust/keys/ada.asc:1:1'],
    says: /^nothing in trust\/signers\.yaml names this file: no key in it counts$/,
  },
  {
    name: 'a list of signers that one may change, while it takes two to change who may sign',
    change: [
      ['trust/allowed_signers', '', `ada@example.com ${otherKey}\n`],
      [
        signersFile,
        everything,
        `${everything}
groups:
  - { name: team, allowedSigners: trust/allowed_signers, paths: ['**'] }
thresholds:
  - { paths: [trust/signers.yaml], signatures: 2 }`,
      ],
    ],
    found: ['BERTH-813 trust/signers.yaml:14:14'],
    says: /^it takes 2 signatures to change trust\/signers\.yaml, but 1 to put other keys into trust\/allowed_signers$/,
  },
  {
    name: 'a list of signers that takes nobody of the group that it takes to change who may sign',
    change: [
      ['trust/allowed_signers', '', `ada@example.com ${otherKey}\n`],
      [
        signersFile,
        everything,
        `${everything}
groups:
  - { name: team, allowedSigners: trust/allowed_signers, paths: ['**'] }
  - { name: admins, members: [Site engineers (example)] }
thresholds:
  - { paths: [trust/signers.yaml], signatures: 1, group: admins }
  - { paths: [trust/], signatures: 1, group: team }`,
      ],
    ],
    found: ['BERTH-813 trust/signers.yaml:15:14'],
    says: /^it takes 1 signature of the group admins to change trust\/signers\.yaml, but not to put other keys into trust\/allowed_signers$/,
  },
];
