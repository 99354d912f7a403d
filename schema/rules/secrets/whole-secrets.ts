import { AgeHeaderError, parseAgeHeader } from '../../age-header.ts';
import { secretFiles } from '../../secret-files.ts';
import type { Rule } from '../rule.ts';

/** What was cut off or altered on its way opens nowhere, and boot servers would be the first to find out. */
export const wholeSecrets: Rule = {
  id: 'BERTH-835',
  title: 'sealed files are whole',
  *check({ files }) {
    for (const [file, bytes] of secretFiles(files)) {
      const fault = faultOf(bytes);
      if (fault === null) continue;
      yield {
        place: { file, line: 1, column: 1 },
        message: `the sealed file cannot be opened by anybody: ${fault}`,
        hint: 'take it from where it was whole (git log), or seal it again with berth secret edit',
        isSecret: true,
      };
    }
  },
};

function faultOf(bytes: Uint8Array): string | null {
  try {
    parseAgeHeader(bytes);
    return null;
  } catch (error) {
    if (error instanceof AgeHeaderError) return error.message;
    throw error;
  }
}
