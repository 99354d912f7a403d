// The comment against a GitHub with many comments, some of them by people who mean no good.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommentReport, keepComment, maxCommentBytes } from '../../../../reconciler/source/github/comment.ts';
import { troubleOf } from '../../../../reconciler/source/github/trouble.ts';
import { FakeGitHub } from './fake-github.ts';
import { bot } from './fake-repository.ts';

interface Context {
  fake: FakeGitHub;
}

const test = suite<Context>('comment', {} as Context);

test.before.each(async (context) => {
  context.fake = await FakeGitHub.start();
});
test.after.each(async ({ fake }) => {
  await fake.close();
  assert.equal(fake.complaints, []);
});

const create = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const update = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
const remove = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';

function report(markdown: string, parts: Partial<CommentReport> = {}): CommentReport {
  const repository = { owner: 'acme', repo: 'site' };
  return { repository, number: 7, name: 'berth', markdown, cutNote: '*Cut: all of it is in the artifact.*', ...parts };
}

async function keep(fake: FakeGitHub, kept: CommentReport) {
  const client = fake.client();
  try {
    return await keepComment(client, kept);
  } finally {
    await client.close();
  }
}

const marker = '<!-- berth: the plan of berth -->';

test('written once, then brought up to date, and left alone while it is so', async ({ fake }) => {
  const first = await keep(fake, report('### plan 1'));
  assert.is(first.outcome, 'created');
  assert.is(fake.repository.comments[0]?.body, `${marker}\n### plan 1`);
  const second = await keep(fake, report('### plan 2'));
  assert.equal(second, { ...first, outcome: 'updated' });
  assert.is(fake.repository.comments[0]?.body, `${marker}\n### plan 2`);
  const third = await keep(fake, report('### plan 2'));
  assert.is(third.outcome, 'unchanged');
  assert.equal(fake.writes, [create, update]);
});

test('found on the third page', async ({ fake }) => {
  for (let id = 1; id <= 250; id++) {
    const body = id === 225 ? `${marker}\nold` : `chatter ${id}`;
    fake.repository.comments.push({ id, number: 7, body, user: id === 225 ? bot : { login: 'ada', type: 'User' } });
  }
  const { id, outcome } = await keep(fake, report('new'));
  assert.equal([id, outcome], [225, 'updated']);
  assert.is(fake.repository.comments.length, 250);
  const pages = fake.requests.filter(({ operation }) => operation.startsWith('GET /repos')).map(({ query }) => query);
  assert.equal(
    pages.map((query) => [query.get('per_page'), query.get('page')]),
    [
      ['100', null],
      ['100', '2'],
      ['100', '3'],
    ],
  );
});

test('the marker in a comment of somebody else is none', async ({ fake }) => {
  const body = `${marker}\nnothing changes, honestly`;
  fake.repository.comments.push({ id: 1, number: 7, body, user: { login: 'mallory', type: 'User' } });
  fake.repository.comments.push({ id: 2, number: 7, body: `> ${marker}\n> quoted`, user: bot });
  const { outcome } = await keep(fake, report('the plan'));
  assert.is(outcome, 'created');
  assert.is(fake.repository.comments[0]?.body, body);
});

test("with a person's token, only that person's comment is ours", async ({ fake }) => {
  fake.repository.login = 'release-manager';
  fake.repository.comments.push({ id: 1, number: 7, body: `${marker}\nx`, user: bot });
  const { id } = await keep(fake, report('the plan'));
  assert.is((await keep(fake, report('the plan, changed'))).id, id);
  assert.equal(fake.writes, [create, update]);
});

test('two checks of one repository keep a comment each', async ({ fake }) => {
  await keep(fake, report('the plan of tokyo', { name: 'tokyo' }));
  await keep(fake, report('the plan of osaka', { name: 'osaka --> x' }));
  await keep(fake, report('the plan of tokyo again', { name: 'tokyo' }));
  assert.equal(fake.writes, [create, create, update]);
  assert.is(fake.repository.comments[1]?.body.split('\n')[0], '<!-- berth: the plan of osaka _-_ x -->');
});

test('of two that are there, the newer one goes', async ({ fake }) => {
  for (const id of [1, 2, 3]) fake.repository.comments.push({ id, number: 7, body: `${marker}\nold`, user: bot });
  assert.is((await keep(fake, report('new'))).id, 1);
  assert.equal(fake.writes, [remove, remove, update]);
  assert.equal(
    fake.repository.comments.map(({ id }) => id),
    [1],
  );
});

test('cut where GitHub takes no more, between two lines, with the note', async ({ fake }) => {
  const rows = Array.from({ length: 3000 }, (_, index) => `  restart    r${index}-04 → flatcar`).join('\n');
  const long = report(`### plan\n\n<details><summary>all</summary>\n\n\`\`\`text\n${rows}\n\`\`\`\n\n</details>`);
  await keep(fake, long);
  const body = fake.repository.comments[0]?.body ?? '';
  const bytes = Buffer.byteLength(body);
  assert.ok(bytes <= maxCommentBytes && bytes > maxCommentBytes - 100, String(bytes));
  assert.match(
    body,
    /\n {2}restart {4}r\d+-04 → flatcar\n```\n\n<\/details>\n\n\*Cut: all of it is in the artifact\.\*$/,
  );
  assert.is((await keep(fake, long)).outcome, 'unchanged');
});

for (const done of [true, false]) {
  test(`a creation that is ${done ? 'done' : 'not done'} and answered with 502 leaves one comment`, async ({
    fake,
  }) => {
    fake.fail({ at: create, status: 502, done });
    await keep(fake, report('the plan'));
    assert.is(fake.repository.comments.length, 1);
  });
}

test('a comment that GitHub declines is trouble', async ({ fake }) => {
  fake.fail({ at: create, status: 422, message: 'Validation Failed' });
  try {
    await keep(fake, report('the plan'));
    assert.unreachable('GitHub has declined it');
  } catch (error) {
    assert.equal(troubleOf(error, 0), { kind: 'declined', message: 'Validation Failed (422)' });
  }
  assert.equal(fake.writes, [create]);
});

test.run();
