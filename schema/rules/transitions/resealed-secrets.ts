import type { SiteDocumentFile } from '../../document.ts';
import { secretFiles } from '../../secret-files.ts';
import type { RecipientsDocument } from '../../types/recipients.ts';
import type { Transition } from './transition.ts';

/** The header of a sealed file does not tell one key of age from another: only the change of the list shows. */
export const resealedSecrets: Transition = {
  id: 'BERTH-931',
  title: 'secrets are sealed again when an age key in trust/recipients.yaml is replaced',
  *check(base, site) {
    if (!base.recipients || !site.recipients) return;
    const [old, now] = [ageKeys(base.recipients), ageKeys(site.recipients)];
    // Where their number changed, BERTH-836 says it.
    if (old.length !== now.length || old.every((key, index) => key === now[index])) return;
    const before = secretFiles(base.files);
    for (const [file, bytes] of secretFiles(site.files)) {
      const kept = before.get(file);
      if (!kept || Buffer.compare(kept, bytes) !== 0) continue;
      yield {
        place: { file, line: 1, column: 1 },
        message: 'trust/recipients.yaml has another age key, but the secret is sealed as it was',
        hint: `seal it again: berth secret rekey --all ${file}`,
        isSecret: true,
      };
    }
  },
};

function ageKeys({ value }: SiteDocumentFile<RecipientsDocument>): readonly string[] {
  const keys = value.recipients.map(({ key }) => key);
  return keys.filter((key) => key.startsWith('age1')).sort();
}
