// The approvals in a test's working copy, as its refs have them.
import type { ApprovalSource } from '../../../../reconciler/source/trust/approvals.ts';
import type { TestRepository } from '../../../git.ts';

export function approvalsIn(site: TestRepository): ApprovalSource {
  return {
    approvalsOf: async (commit) => {
      const listed = site.git('for-each-ref', '--format=%(objectname) %(refname)', `refs/tags/approve/${commit}/`);
      return listed
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [oid = '', ref = ''] = line.split(' ');
          return { ref, bytes: site.object(oid, 'tag') };
        });
    },
  };
}
