import { secretFiles } from '../../secret-files.ts';
import type { Rule } from '../rule.ts';

/** Else nothing says who can open the secrets, nor whom the next one is to be sealed to. */
export const listedRecipients: Rule = {
  id: 'BERTH-831',
  title: 'where there are secrets, trust/recipients.yaml says who can open them',
  *check({ files, recipients }) {
    const [file] = secretFiles(files).keys();
    if (recipients || file === undefined) return;
    yield {
      place: { file, line: 1, column: 1 },
      message: 'there are secrets, but no trust/recipients.yaml that says who can open them',
      hint: "list the boot servers' key there, with servers: true, and the keys of those who edit secrets",
      isSecret: true,
    };
  },
};
