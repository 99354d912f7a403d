// What the runner of Actions says and takes: files and lines in the forms that GitHub documents.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  asLog,
  pullRequestEvent,
  runUrl,
  setOutputs,
  writeSummary,
} from '../../../../reconciler/source/github/actions.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-actions-'));
test.after(() => rmSync(folder, { recursive: true }));

const head = { sha: 'a'.repeat(40), repo: { full_name: 'acme/site' } };
const base = { sha: 'b'.repeat(40), repo: { full_name: 'acme/site' } };
const expected = {
  repository: { owner: 'acme', repo: 'site' },
  number: 7,
  fork: false,
  headSha: 'a'.repeat(40),
  baseSha: 'b'.repeat(40),
};

for (const [name, event, read] of [
  ['of a branch', { number: 7, pull_request: { number: 7, head, base } }, expected],
  [
    'of a fork',
    { pull_request: { number: 7, head: { ...head, repo: { full_name: 'ada/site' } }, base } },
    { ...expected, fork: true },
  ],
  [
    'of a fork that is gone',
    { pull_request: { number: 7, head: { ...head, repo: null }, base } },
    { ...expected, fork: true },
  ],
  ['a push', { after: 'a'.repeat(40) }, null],
  [
    'an option in place of a commit',
    { pull_request: { number: 7, head: { ...head, sha: '--upload-pack=x' }, base } },
    null,
  ],
  ['no number', { pull_request: { number: '7', head, base } }, null],
] as const) {
  test(`event: ${name}`, async () => {
    const file = join(folder, 'event.json');
    writeFileSync(file, JSON.stringify(event));
    assert.equal(await pullRequestEvent({ GITHUB_EVENT_PATH: file }), read);
  });
}

test('outside of Actions there is no event, no run, no summary, no output', async () => {
  assert.is(await pullRequestEvent({}), null);
  assert.is(runUrl({}), null);
  await writeSummary({}, 'x', 'cut');
  await setOutputs({}, { x: 'y' });
  assert.is(asLog({}, '::error::x\n'), '::error::x\n');
});

test('the URL of the run', () => {
  const environment = {
    GITHUB_SERVER_URL: 'https://git.example.org',
    GITHUB_REPOSITORY: 'acme/site',
    GITHUB_RUN_ID: '5',
  };
  assert.is(runUrl(environment), 'https://git.example.org/acme/site/actions/runs/5');
});

test('the summary is added to, and cut below 1 MiB', async () => {
  const GITHUB_STEP_SUMMARY = join(folder, 'summary.md');
  await writeSummary({ GITHUB_STEP_SUMMARY }, '# one', 'cut');
  await writeSummary({ GITHUB_STEP_SUMMARY }, 'a line\n'.repeat(200_000), 'CUT');
  const text = readFileSync(GITHUB_STEP_SUMMARY, 'utf8');
  assert.ok(text.startsWith('# one\na line\n'));
  assert.ok(text.endsWith('a line\n\nCUT\n'));
  assert.ok(text.length < 1 << 20);
});

test('an output of several lines cannot set another', async () => {
  const GITHUB_OUTPUT = join(folder, 'output');
  await setOutputs({ GITHUB_OUTPUT }, { verdict: 'success', headline: 'x\nposted=true\nEOF\nposted=true' });
  const text = readFileSync(GITHUB_OUTPUT, 'utf8');
  const match = /^verdict<<([0-9a-f]{32})\nsuccess\n\1\nheadline<<\1\nx\nposted=true\nEOF\nposted=true\n\1\n$/.exec(
    text,
  );
  assert.ok(match, text);
});

test('in the log of Actions the runner finds no commands in what is quoted', () => {
  const environment = { GITHUB_ACTIONS: 'true' };
  const text = asLog(environment, '::set-output name=x::y\n##[add-mask]z\n');
  const match = /^::stop-commands::([0-9a-f]{32})\n::set-output name=x::y\n##\[add-mask\]z\n::\1::\n$/.exec(text);
  assert.ok(match, text);
  assert.is.not(asLog(environment, 'a\n'), asLog(environment, 'a\n'));
});

test.run();
