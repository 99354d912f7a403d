// What stands beside the documents of a new site repo for the people who work in it. Pure.
import type { NewSite } from './new-site.ts';

/** What is not real yet, and where; in the order in which it is to be mended. */
export function standIns({ signer, releases }: NewSite): readonly string[] {
  const { kernel, initrd, bootProgram } = releases;
  const assets = [
    ...(kernel.standIn ? ['kernel'] : []),
    ...(initrd.standIn ? ['initrd'] : []),
    ...(bootProgram.standIn ? ['iPXE'] : []),
  ];
  return [
    ...(signer.key === null ? ['trust/signers.yaml: the key is nobody’s; put in your own SSH public key'] : []),
    ...(assets.length > 0
      ? [`releases.yaml: stand-ins for ${assets.join(', ')}; pin source, sha256 and size of yours`]
      : []),
    '.github/workflows/berth.yml: put your copy of berth in the place of your-organisation/berth',
  ];
}

export const ignoredFiles = '.berth/\nberth-report/\n*.log\n';

export function readme(site: NewSite): string {
  const todo = standIns(site).map((line) => `- [ ] ${line.replace(/^[^:]+/, '`$&`')}`);
  return `# ${site.site}

The data center \`${site.site}\`, as it shall be: berth makes it so.

| File | What it says |
| --- | --- |
| \`site.yaml\` | names, address plan, boot servers, roll-out policy, defaults |
| \`racks/<rack>.yaml\` | a rack: its number, ToRs, power feed and machines |
| \`roles/<role>.yaml\` | what machines of a role boot: OS, kernel arguments, Ignition, labels |
| \`ignition/<folder>/\` | Ignition in Butane's shape, and the files that it names; a role merges one folder or more |
| \`releases.yaml\` | every file that machines boot, with its digest |
| \`trust/signers.yaml\` | whose signature lets a change in |
| \`.vscode/\` | schemas and settings with which editors complete and explain; \`berth schema --write\` renews them |

A machine's addresses follow from its rack's number and its slot: \`berth render machine <serial>\` shows them.

## Before the first machine boots

${todo.join('\n')}

## Changing it

Every change is a signed commit (\`git commit -S\`) on a branch, a look at what it would do, and a pull request:

\`\`\`sh
berth validate                 # is it right?
berth plan --base origin/main  # what would it do, and to which machines?
\`\`\`

Secrets do not belong in any of these files: whoever can read the repository, or ask a boot server for a machine's
Ignition, can read them.
`;
}
