import type { BrokenSite } from '../broken-site.ts';

export const rows: readonly BrokenSite[] = [
  {
    name: 'too few machines for the control plane',
    change: [['kubernetes/cluster.yaml', 'role: cs', 'role: control']],
    found: ['BERTH-601 kubernetes/cluster.yaml:6:9'],
    says: /^the control plane takes 3 machines of role control, but the site has 0$/,
  },
  {
    name: 'a signer twice',
    change: [
      [
        'trust/signers.yaml',
        "    paths: ['**']",
        `    paths: [racks/]
  - name: Site engineers (example)
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBYSMRZuH99969Y+vgiGyx3lOZPAiiq9OuH6uk27vawr
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
        'trust/signers.yaml',
        "    paths: ['**']",
        `    paths: [racks/]
  - name: Somebody else
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK43KulQ/XI2sDFzCLTwGdvo3m+sGlDkhLR4YboPYM8s
    paths: ['**']`,
      ],
    ],
    found: ['BERTH-801 trust/signers.yaml:12:10'],
    says: /^the key ssh-ed25519 AAAA\S+ is taken already at trust\/signers\.yaml:9:10$/,
  },
];
