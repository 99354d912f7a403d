// A pull request is told the verdict; where it cannot be, the log is.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type PullRequestReport,
  publicationLog,
  publishPullRequest,
} from '../../../../reconciler/source/github/pull-request.ts';
import {
  commentText,
  detailText,
  type Findings,
  type SignatureReport,
  summaryText,
  titleOf,
  verdictOf,
} from '../../../../reconciler/source/github/pull-request-text.ts';
import type { Diagnostic } from '../../../../schema/diagnostic.ts';
import { FakeGitHub } from './fake-github.ts';

interface Context {
  fake: FakeGitHub;
}

const test = suite<Context>('pull request', {} as Context);

test.before.each(async (context) => {
  context.fake = await FakeGitHub.start();
});
test.after.each(async ({ fake }) => {
  await fake.close();
  assert.equal(fake.complaints, []);
});

const slotTwice: Diagnostic = {
  rule: 'BERTH-014',
  severity: 'error',
  place: { file: 'racks/r1.yaml', line: 2, column: 5 },
  message: 'slot 4 is given twice',
  hint: 'the next free one is 7',
};
const unused: Diagnostic = {
  rule: 'BERTH-050',
  severity: 'warning',
  place: { file: 'releases.yaml', line: 1, column: 1 },
  message: 'no role boots flatcar',
};
const plan = { headline: 'restart 25 machines, 7 untouched', markdown: '#### restarts\n\n- rack r0', refused: false };
const signatures: SignatureReport = {
  verdict: 'accepted',
  headline: '',
  text: 'Signatures: 1 new commit',
  markdown: '#### Signatures\n\n1 new commit',
  notes: [],
};
const commits = { headSha: 'a'.repeat(40), baseSha: 'b'.repeat(40), signatures };
const valid: Findings = { ...commits, diagnostics: [], plan };
const broken: Findings = { ...commits, diagnostics: [slotTwice, unused], plan: null };
const run = { url: 'https://github.com/acme/site/actions/runs/5', artifact: 'berth' };

function report(findings: Findings, parts: Partial<PullRequestReport['pullRequest']> = {}): PullRequestReport {
  const pullRequest = { repository: { owner: 'acme', repo: 'site' }, number: 7, fork: false, ...parts };
  return { pullRequest, name: 'berth', findings, sourceOf: () => 'machines:\n  - { slot: 4 }\n', run };
}

test('a check run and a comment', async ({ fake }) => {
  const publication = await publishPullRequest(async () => fake.client(), report(valid));
  const [checkRun] = fake.repository.checkRuns;
  assert.is(checkRun?.conclusion, 'success');
  assert.is(checkRun?.output.title, plan.headline);
  assert.is(checkRun?.output.text, plan.markdown);
  const [comment] = fake.repository.comments;
  assert.is(comment?.number, 7);
  assert.match(
    comment?.body ?? '',
    '### berth: restart 25 machines, 7 untouched\n\n#### Signatures\n\n1 new commit\n\n#### Plan\n\n#### restarts',
  );
  assert.equal(publicationLog(publication, report(valid), 'findings.sarif'), {
    text: [
      `check run: http://github.test/acme/site/runs/${checkRun?.id}`,
      `comment created: http://github.test/acme/site/pull/7#issuecomment-${comment?.id}`,
      '',
    ].join('\n'),
    commands: '',
  });
});

test('on an Enterprise Server as well', async () => {
  const fake = await FakeGitHub.start('ghes-3.17');
  await publishPullRequest(async () => fake.client(), report(broken));
  assert.is(fake.repository.checkRuns[0]?.conclusion, 'failure');
  assert.is(fake.repository.comments.length, 1);
  assert.equal(fake.complaints, []);
  await fake.close();
});

test("a fork's pull request: the findings go to the log, and it says why", async ({ fake }) => {
  fake.writable = false;
  const forked = report(broken, { fork: true });
  const publication = await publishPullRequest(async () => fake.client(), forked);
  assert.is(fake.repository.checkRuns.length + fake.repository.comments.length, 0);
  assert.equal(publicationLog(publication, forked, 'out/findings.sarif'), {
    text: [
      'The check run could not be posted, not-permitted: Resource not accessible by integration - https://docs.github.com/rest (403)',
      'The comment could not be posted, not-permitted: Resource not accessible by integration - https://docs.github.com/rest (403)',
      "This is a fork's pull request: its token may read and not write, which is as it should be.",
      'The findings are in this log and in out/findings.sarif. The verdict stands: failure.',
      '',
    ].join('\n'),
    commands: [
      '::error file=racks/r1.yaml,line=2,col=5,title=BERTH-014::slot 4 is given twice%0Ahint: the next free one is 7',
      '::warning file=releases.yaml,line=1,col=1,title=BERTH-050::no role boots flatcar',
      '',
    ].join('\n'),
  });
  // Nothing is tried again that is not permitted.
  assert.is(fake.writes.length, 2);
});

test('a token without one permission posts the other', async ({ fake }) => {
  fake.fail({ at: 'check-runs', times: 9, status: 403, message: 'Resource not accessible by integration' });
  const publication = await publishPullRequest(async () => fake.client(), report(broken));
  assert.is(fake.repository.comments.length, 1);
  const { text, commands } = publicationLog(publication, report(broken), 'findings.sarif');
  assert.match(text, 'The token needs the permissions checks: write and pull-requests: write.');
  assert.match(commands, /^::error /);
});

test('GitHub away, or its URL wrong: the verdict stands', async ({ fake }) => {
  const { apiUrl } = fake;
  await fake.close();
  for (const connect of [
    async () => fake.client({ apiUrl, secondMs: 1 }),
    async () => fake.client({ apiUrl, environment: { HTTPS_PROXY: 'no URL' } }),
  ]) {
    const publication = await publishPullRequest(connect, report(valid));
    const { text } = publicationLog(publication, report(valid), 'findings.sarif');
    assert.match(text, /^The check run could not be posted, unavailable: /);
    assert.match(text, /The verdict stands: success\.\n$/);
  }
});

test('a deadline ends all of it', async ({ fake }) => {
  fake.fail({ times: 99, status: 403, headers: { 'retry-after': '4' }, message: 'exceeded a secondary rate limit' });
  const publication = await publishPullRequest(async () => fake.client({ deadlineSeconds: 10 }), report(valid));
  const { checkRun, comment } = publication;
  // On a busy machine the deadline may pass before GitHub's answer does.
  assert.ok(!checkRun.posted && /^(rate-limited|aborted)$/.test(checkRun.trouble.kind));
  assert.ok(!comment.posted);
});

const refused: Findings = {
  ...commits,
  diagnostics: [slotTwice],
  plan: { ...plan, headline: '1 refused', refused: true },
};
const unsigned: SignatureReport = {
  ...signatures,
  verdict: 'refused',
  headline: '1 commit refused (unsigned)',
  notes: [{ level: 'error', title: 'unsigned: no signature', text: 'commit c2ca57c2d285\n100% \u202ewrong' }],
};
const waiting: SignatureReport = {
  ...signatures,
  verdict: 'waiting',
  headline: 'waiting for approvals',
  notes: [{ level: 'notice', title: 'waiting', text: 'git tag' }],
};
const unplanned: Findings = { ...commits, diagnostics: [], plan: null, noPlan: 'the base is not valid' };

for (const [name, findings, verdict, title] of [
  ['valid', valid, 'success', 'restart 25 machines, 7 untouched'],
  ['with warnings', { ...valid, diagnostics: [unused] }, 'success', 'restart 25 machines, 7 untouched, 1 warning'],
  ['broken', broken, 'failure', '1 error, 1 warning'],
  ['two errors', { ...broken, diagnostics: [slotTwice, slotTwice] }, 'failure', '2 errors'],
  ['refused', refused, 'action_required', 'the plan is refused: 1 refused'],
  [
    'unsigned',
    { ...valid, diagnostics: [unused], signatures: unsigned },
    'failure',
    '1 warning, 1 commit refused (unsigned)',
  ],
  [
    'broken and unsigned',
    { ...broken, signatures: unsigned },
    'failure',
    '1 error, 1 warning, 1 commit refused (unsigned)',
  ],
  [
    'refused and unsigned',
    { ...refused, signatures: unsigned },
    'action_required',
    'the plan is refused: 1 refused, 1 commit refused (unsigned)',
  ],
  [
    'waiting for approvals',
    { ...valid, signatures: waiting },
    'success',
    'restart 25 machines, 7 untouched, waiting for approvals',
  ],
  ['without a plan', unplanned, 'success', 'no plan: the base is not valid'],
] as const) {
  test(`the verdict in a line: ${name}`, () => {
    assert.is(verdictOf(findings), verdict);
    assert.is(titleOf(findings), title);
  });
}

test('what is about no file stands on the page of the run, posted or not', () => {
  const posted = {
    checkRun: { posted: true, value: { id: 1, url: null } },
    comment: { posted: true, value: { id: 2, url: 'http://github.test/2', outcome: 'created' } },
  } as const;
  const away = { posted: false, trouble: { kind: 'unavailable', message: 'away' } } as const;
  const error = '::error title=unsigned%3A no signature::commit c2ca57c2d285%0A100%25 \\u202ewrong\n';
  const broke = report({ ...broken, diagnostics: [unused], signatures: unsigned });
  assert.is(publicationLog(posted, broke, 'f').commands, error);
  const unposted = publicationLog({ ...posted, checkRun: away }, broke, 'f').commands;
  assert.ok(unposted.startsWith(`${error}::warning file=releases.yaml,`), unposted);
  const { commands } = publicationLog(posted, report({ ...valid, signatures: waiting }), 'f');
  assert.is(commands, '::notice title=waiting::git tag\n');
});

test('the texts of a broken site', () => {
  assert.is(
    summaryText(broken),
    `**1 error, 1 warning.**

| rule | findings |
| --- | ---: |
| BERTH-014 | 1 |
| BERTH-050 | 1 |

#### Signatures

1 new commit

Commit aaaaaaaaaaaa, compared with bbbbbbbbbbbb.`,
  );
  assert.is(
    detailText({ ...broken, diagnostics: [slotTwice] }, () => 'machines:\n  - { slot: 4 }\n'),
    `\`\`\`text
error BERTH-014: slot 4 is given twice
 --> racks/r1.yaml:2:5
  |
2 |   - { slot: 4 }
  |     ^
  = hint: the next free one is 7
\`\`\``,
  );
  assert.is(
    commentText(broken, run),
    `### berth: 1 error, 1 warning

\`\`\`text
racks/r1.yaml:2:5: error BERTH-014: slot 4 is given twice
  hint: the next free one is 7
releases.yaml:1:1: warning BERTH-050: no role boots flatcar
\`\`\`

#### Signatures

1 new commit

Commit aaaaaaaaaaaa, compared with bbbbbbbbbbbb. All of it is in the artifact berth of [the workflow run](https://github.com/acme/site/actions/runs/5).`,
  );
});

test('what a pull request holds cannot break out of the texts', () => {
  const message = '``` </details> @team <img src=x> [x](http://evil)';
  const text = commentText({ ...broken, diagnostics: [{ ...slotTwice, message }] }, null);
  assert.match(text, '````text\n');
  assert.match(text, `${message}\n  hint: the next free one is 7\n\`\`\`\``);
  const headline = commentText({ ...valid, plan: { ...plan, headline: '@team <b>[x](http://evil)' } }, null);
  assert.match(headline, '### berth: @\u200bteam \\<b\\>\\[x\\]\\(http\\://evil\\)\n');
});

test.run();
