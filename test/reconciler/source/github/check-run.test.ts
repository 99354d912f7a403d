// Check runs against a GitHub that checks each request and keeps its limits.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  annotationBatch,
  type CheckRunReport,
  maxAnnotations,
  maxOutputBytes,
  postCheckRun,
} from '../../../../reconciler/source/github/check-run.ts';
import type { Diagnostic } from '../../../../schema/diagnostic.ts';
import { FakeGitHub } from './fake-github.ts';

interface Context {
  fake: FakeGitHub;
}

const test = suite<Context>('check run', {} as Context);

test.before.each(async (context) => {
  context.fake = await FakeGitHub.start();
});
test.after.each(async ({ fake }) => {
  await fake.close();
  assert.equal(fake.complaints, []);
});

const create = 'POST /repos/{owner}/{repo}/check-runs';
const update = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';

function findings(count: number, severity: Diagnostic['severity'] = 'error'): Diagnostic[] {
  return Array.from({ length: count }, (_, index) => ({
    rule: 'BERTH-020',
    severity,
    place: { file: `racks/r${index % 7}.yaml`, line: index + 1, column: 3 },
    message: `finding ${index}`,
  }));
}

function report(parts: Partial<CheckRunReport> = {}): CheckRunReport {
  return {
    repository: { owner: 'acme', repo: 'site' },
    headSha: 'a'.repeat(40),
    name: 'berth',
    conclusion: 'success',
    title: 'nothing to do',
    summary: 'All is well.',
    text: '',
    diagnostics: [],
    ...parts,
  };
}

async function post(fake: FakeGitHub, posted: CheckRunReport) {
  const client = fake.client();
  try {
    return await postCheckRun(client, posted);
  } finally {
    await client.close();
  }
}

test('one request, when it fits', async ({ fake }) => {
  const { id, url } = await post(fake, report({ detailsUrl: 'https://example.org/run/1' }));
  assert.equal(fake.writes, [create]);
  const [run] = fake.repository.checkRuns;
  assert.is(run?.id, id);
  assert.is(url, `http://github.test/acme/site/runs/${id}`);
  assert.is(run?.status, 'completed');
  assert.is(run?.conclusion, 'success');
  assert.equal(run?.output, { title: 'nothing to do', summary: 'All is well.' });
});

test('an annotation says where, what and what to do', async ({ fake }) => {
  const diagnostic: Diagnostic = {
    rule: 'BERTH-014',
    severity: 'warning',
    place: { file: 'racks/r1.yaml', line: 12, column: 15 },
    message: 'slot 4 is given twice\u001b[2J',
    hint: 'the next free one is 7',
  };
  await post(fake, report({ conclusion: 'failure', diagnostics: [diagnostic] }));
  assert.equal(fake.repository.checkRuns[0]?.annotations, [
    {
      path: 'racks/r1.yaml',
      start_line: 12,
      end_line: 12,
      start_column: 15,
      end_column: 15,
      annotation_level: 'warning',
      title: 'BERTH-014',
      message: 'slot 4 is given twice\\u001b[2J\nhint: the next free one is 7',
    },
  ]);
});

for (const [count, batches] of [
  [50, [50]],
  [51, [50, 1]],
  [100, [50, 50]],
  [143, [50, 50, 43]],
] as const) {
  test(`${count} annotations go in batches of ${batches.join(', ')}`, async ({ fake }) => {
    await post(fake, report({ conclusion: 'failure', diagnostics: findings(count) }));
    const sent = fake.requests.filter(({ operation }) => !operation.startsWith('GET '));
    assert.equal(
      sent.map(({ operation }) => operation),
      [create, ...batches.slice(1).map(() => update)],
    );
    const states = sent.map(({ body }) => [body.status, body.conclusion]);
    const open = batches.slice(1).map(() => ['in_progress', undefined]);
    assert.equal(states, [...open, ['completed', 'failure']]);
    const [run] = fake.repository.checkRuns;
    assert.equal(
      run?.annotations.map(({ message }) => message),
      findings(count).map(({ message }) => message),
    );
  });
}

test('beyond a thousand, errors come before warnings, and the summary says how many are missing', async ({ fake }) => {
  const diagnostics = [...findings(900, 'warning'), ...findings(300)];
  await post(fake, report({ conclusion: 'failure', diagnostics }));
  const [run] = fake.repository.checkRuns;
  assert.is(run?.annotations.length, maxAnnotations);
  assert.is(fake.writes.length, maxAnnotations / annotationBatch);
  const levels = run?.annotations.map((annotation) => (annotation as { annotation_level?: string }).annotation_level);
  assert.is(levels?.lastIndexOf('failure'), 299);
  assert.match(run?.output.summary ?? '', '1000 findings are marked in the files, 200 more are not.');
});

test('text and summary are cut at their bytes, with a note', async ({ fake }) => {
  const line = '試験 🚀 of a long line';
  const long = Array.from({ length: 4000 }, () => line).join('\n');
  await post(fake, report({ text: `\`\`\`text\n${long}\n\`\`\``, summary: long }));
  const { text = '', summary } = fake.repository.checkRuns[0]?.output ?? { summary: '' };
  for (const cut of [text, summary]) {
    const bytes = Buffer.byteLength(cut);
    assert.ok(bytes <= maxOutputBytes && bytes > maxOutputBytes - 100, String(bytes));
    assert.match(cut, /\*Cut here: GitHub takes no more\. All of it is in the artifact of the workflow run\.\*$/);
  }
  assert.is(text.match(/^```/gm)?.length, 2);
});

test('the same report on the same commit is posted once', async ({ fake }) => {
  const posted = report({ conclusion: 'failure', diagnostics: findings(60) });
  const first = await post(fake, posted);
  const writes = fake.writes.length;
  assert.equal(await post(fake, { ...posted, detailsUrl: 'https://example.org/run/2' }), first);
  assert.is(fake.writes.length, writes);
  // What changed is a new run: annotations cannot be taken back.
  const second = await post(fake, report({ conclusion: 'failure', diagnostics: findings(59) }));
  assert.is.not(second.id, first.id);
  // An older run that says the same is not what people see.
  const third = await post(fake, posted);
  assert.is.not(third.id, first.id);
  assert.is(fake.repository.checkRuns.length, 3);
});

test('a job of Actions that goes by the same name counts for nothing', async ({ fake }) => {
  const { id } = await post(fake, report());
  const [run] = fake.repository.checkRuns;
  assert.ok(run);
  fake.repository.checkRuns.push({ ...run, id: id + 500, external_id: 'c2ef8d8b-1d3c-5b3a-8d7e-2f1a5f0c1a3e' });
  assert.is((await post(fake, report())).id, id);
  assert.equal(fake.writes, [create]);
});

test('what was begun and not finished is gone on with', async ({ fake }) => {
  const posted = report({ conclusion: 'failure', diagnostics: findings(143) });
  fake.fail({ at: 'PATCH', after: 1, times: 99, status: 422 });
  try {
    await post(fake, posted);
    assert.unreachable('GitHub has declined it');
  } catch (error) {
    assert.match(String(error), 'Something went wrong');
  }
  assert.is(fake.repository.checkRuns[0]?.annotations.length, 100);
  const again = await FakeGitHub.start();
  again.repository.checkRuns.push(...fake.repository.checkRuns);
  await post(again, posted);
  assert.equal(again.writes, [update]);
  const [run, ...others] = again.repository.checkRuns;
  assert.is(others.length, 0);
  assert.is(run?.status, 'completed');
  assert.is(run?.annotations.length, 143);
  await again.close();
});

for (const at of [create, update]) {
  for (const done of [true, false]) {
    test(`${at} that is ${done ? 'done' : 'not done'} and answered with 502 leaves nothing double`, async ({
      fake,
    }) => {
      fake.fail({ at, status: 502, done });
      await post(fake, report({ conclusion: 'failure', diagnostics: findings(120) }));
      const [run, ...others] = fake.repository.checkRuns;
      assert.is(others.length, 0);
      assert.is(run?.status, 'completed');
      assert.equal(
        run?.annotations.map(({ start_line }) => start_line),
        findings(120).map(({ place }) => place.line),
      );
    });
  }
}

test('a limit in the middle is waited for', async ({ fake }) => {
  fake.fail({ at: update, status: 403, headers: { 'retry-after': '2' }, message: 'exceeded a secondary rate limit' });
  await post(fake, report({ conclusion: 'failure', diagnostics: findings(120) }));
  assert.is(fake.repository.checkRuns[0]?.annotations.length, 120);
  assert.is(fake.writes.length, 4);
});

test.run();
