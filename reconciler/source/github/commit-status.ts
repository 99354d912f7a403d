// Says on GitHub how a commit of the site repo fares: as a commit status, and as a deployment to the site.
//
// Each looks what GitHub has before it writes: several boot servers say the same, and say it again after a restart.
import { printable } from '../../../schema/report/printable.ts';
import { type GitHub, once } from './api.ts';
import type { CommitReport, CommitState } from './commit-report.ts';
import type { RepositoryName } from './repository-name.ts';

/** Where the agents of a site report. */
export interface CommitStatusTarget {
  readonly repository: RepositoryName;
  readonly siteId: string;
  /** A page about the site for people. */
  readonly targetUrl?: string;
}

/** How GitHub calls the states of a commit. */
const states = {
  pending: { status: 'pending', deployment: 'in_progress' },
  success: { status: 'success', deployment: 'success' },
  failure: { status: 'failure', deployment: 'failure' },
  refused: { status: 'error', deployment: 'error' },
  superseded: { status: 'success', deployment: 'inactive' },
} as const satisfies Record<CommitState, { status: string; deployment: string }>;

/** Tells our deployments from others to the same environment. */
const task = 'deploy:berth';

/** Set the commit status `berth/<site>`, unless it is so. @throws what `troubleOf` sorts */
export async function postCommitStatus(
  github: GitHub,
  target: CommitStatusTarget,
  { commit, state, headline }: CommitReport,
): Promise<void> {
  const { repository, siteId, targetUrl } = target;
  const context = `berth/${siteId}`;
  const wanted = { state: states[state].status, description: descriptionOf(state, headline) };
  await github.persist(async () => {
    const { data } = await github.api.repos.listCommitStatusesForRef({ ...repository, ref: commit, per_page: 100 });
    // The newest is the first, and case does not count.
    const latest = data.find((status) => status.context.toLowerCase() === context.toLowerCase());
    if (latest && isSame(latest, wanted)) return;
    const url = targetUrl === undefined ? {} : { target_url: targetUrl };
    await github.api.repos.createCommitStatus({ ...repository, sha: commit, context, ...wanted, ...url, ...once });
  });
}

/** Set the state of the commit's deployment to the environment `<site>`, unless it is so; there is one at the end. */
export async function postDeployment(
  github: GitHub,
  target: CommitStatusTarget,
  { commit, state, headline }: CommitReport,
): Promise<void> {
  const { repository, siteId, targetUrl } = target;
  const wanted = { state: states[state].deployment, description: descriptionOf(state, headline) };
  await github.persist(async () => {
    const deployment_id = (await findDeployment(github, target, commit)) ?? (await deploy(github, target, commit));
    const { data } = await github.api.repos.listDeploymentStatuses({ ...repository, deployment_id, per_page: 100 });
    const [latest] = data.sort((a, b) => b.id - a.id);
    if (latest && isSame(latest, wanted)) return;
    const url = targetUrl === undefined ? {} : { environment_url: targetUrl };
    const environment = siteId;
    await github.api.repos.createDeploymentStatus({
      ...repository,
      deployment_id,
      environment,
      ...wanted,
      ...url,
      ...once,
    });
  });
}

async function findDeployment(github: GitHub, target: CommitStatusTarget, sha: string): Promise<number | null> {
  const { repository, siteId: environment } = target;
  const { data } = await github.api.repos.listDeployments({ ...repository, sha, environment, task, per_page: 100 });
  return data[0]?.id ?? null;
}

async function deploy(github: GitHub, target: CommitStatusTarget, commit: string): Promise<number> {
  const { repository, siteId } = target;
  const { data } = await github.api.repos.createDeployment({
    ...repository,
    ref: commit,
    environment: siteId,
    task,
    description: `berth: commit ${commit.slice(0, 12)} on ${siteId}`,
    // The commit is on its branch already, and whether it may be acted on is not for checks to say.
    auto_merge: false,
    required_contexts: [],
    ...once,
  });
  if ('id' in data) return data.id;
  throw new Error(`GitHub did not make a deployment of ${commit}: ${data.message ?? 'no reason given'}`);
}

interface Said {
  readonly state: string;
  readonly description: string | null;
}

function isSame(latest: Said, wanted: Said): boolean {
  return latest.state === wanted.state && latest.description === wanted.description;
}

const maxDescriptionLength = 140;

/** One line that GitHub takes: 140 characters, none of them beyond U+FFFF. */
function descriptionOf(state: CommitState, headline: string): string {
  const lead = state === 'refused' ? 'refused: ' : '';
  const text = printable(`${lead}${headline}`.replace(/\s+/g, ' ')).replace(/[\u{10000}-\u{10ffff}\p{Cs}]/gu, '\ufffd');
  return text.length <= maxDescriptionLength ? text : `${text.slice(0, maxDescriptionLength - 1)}…`;
}
