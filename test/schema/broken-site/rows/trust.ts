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

export const rows: readonly BrokenSite[] = [
  {
    name: 'a signer twice',
    change: [
      [
        signersFile,
        everything,
        `    paths: [racks/]
  - name: Site engineers (example)
    key: ${otherKey}
    paths: ['**']`,
      ],
    ],
    found: ['BERTH-801 trust/signers.yaml:11:11'],
    says: /^the signer Site engineers \(example\) is taken already at trust\/signers\.yaml:8:11$/,
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
    says: /^the key ssh-ed25519 AAAA\S+ is taken already at trust\/signers\.yaml:9:10$/,
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
    says: /^a commit carries one signature, so that none ever has the 2 asked for at trust\/$/,
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
    change: [secondSigner('[racks/r*.yaml, ignition/**]')],
    found: ['BERTH-806 trust/signers.yaml:13:13', 'BERTH-806 trust/signers.yaml:13:28'],
    says: /^Storage team has the path racks\/r\*\.yaml: a file, a folder ending in \/, or \*\* for everything is expected$/,
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
];
