// action.yml and the example workflow: what they promise, and the scripts as a runner would run them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly permissions?: unknown }>>;
}

const text = readFileSync('action.yml', 'utf8');
const action = parse(text) as Action;
const { steps } = action.runs;
const folder = mkdtempSync(path.join(tmpdir(), 'berth-action-'));
test.after(() => rmSync(folder, { recursive: true }));

test('every input is used, and every input that is used is there', () => {
  const used = new Set([...text.matchAll(/\$\{\{ inputs\.([\w-]+) \}\}/g)].map(([, name]) => name));
  assert.equal([...used].sort(), Object.keys(action.inputs).sort());
});

test('no expression stands in a script, where it would be run as part of it', () => {
  const scripts = steps.flatMap(({ run }) => run ?? []);
  assert.is(scripts.length, 2);
  for (const script of scripts) assert.not.match(script, '${{');
});

test('nothing of the pull request is run: scripts start programs of the action alone', () => {
  for (const { run = '' } of steps) {
    for (const [, program] of run.matchAll(/\b(?:node|npm|npx|bash|sh|make)\s+(\S+)/g)) {
      assert.match(program ?? '', /^"\$GITHUB_ACTION_PATH\/bin\//);
    }
  }
  const used = steps.flatMap(({ uses }) => uses ?? []);
  assert.equal(used, ['actions/setup-node@v4', 'actions/checkout@v4', 'actions/upload-artifact@v4']);
  const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout'));
  assert.is(checkout?.with?.['persist-credentials'], false);
  assert.is(checkout?.with?.ref, `\${{ github.event.pull_request.head.sha }}`);
});

test('outputs come from the step that sets them', () => {
  const command = readFileSync('reconciler/cli/github.ts', 'utf8');
  for (const [name, { value }] of Object.entries(action.outputs)) {
    assert.is(value, `\${{ steps.judge.outputs.${name} }}`);
    assert.match(command, new RegExp(`setOutputs\\(.*\\b${name}\\b`));
  }
  assert.ok(steps.some(({ id }) => id === 'judge'));
});

/** Run a step's script in a shell as the runner does; the arguments with which it starts berth. */
function argumentsOf(id: string, inputs: Readonly<Record<string, string>>): readonly string[] {
  const step = steps.find((candidate) => candidate.id === id);
  assert.is(step?.shell, 'bash');
  const actionPath = path.join(folder, 'berth action');
  mkdirSync(path.join(actionPath, 'bin'), { recursive: true });
  writeFileSync(
    path.join(actionPath, 'bin', 'berth.mjs'),
    'console.log(JSON.stringify([process.env.GITHUB_TOKEN, ...process.argv.slice(2)]));',
  );
  const script = path.join(folder, 'script.sh');
  writeFileSync(script, step?.run ?? '');
  const given = (name: string) => inputs[name] ?? action.inputs[name]?.default ?? '';
  const env = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => given(input)),
    ]),
  );
  const output = execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', GITHUB_ACTION_PATH: actionPath, RUNNER_TEMP: '/tmp/runner temp', ...env },
  });
  return JSON.parse(output);
}

test('berth is started with what the inputs say, word by word', () => {
  assert.equal(argumentsOf('judge', { token: 'ghs_1' }), [
    'ghs_1',
    'github',
    'pull-request',
    'berth-head/.',
    '--name',
    'berth',
    '--artifact',
    'berth',
    '--out',
    '/tmp/runner temp/berth-report',
  ]);
  const inputs = { token: 'ghs_1', path: 'sites/tokyo 0', base: 'origin/main; rm -rf $HOME', name: '$(id) `id`' };
  assert.equal(argumentsOf('judge', inputs), [
    'ghs_1',
    'github',
    'pull-request',
    'berth-head/sites/tokyo 0',
    '--name',
    '$(id) `id`',
    '--artifact',
    '$(id) `id`',
    '--out',
    '/tmp/runner temp/berth-report',
    '--base',
    'origin/main; rm -rf $HOME',
  ]);
});

test('the example workflow uses the action, with no more permissions than it needs', () => {
  const workflow = parse(readFileSync('examples/site-repo/.github/workflows/berth.yml', 'utf8')) as Workflow;
  assert.equal(workflow.on, { pull_request: null });
  assert.equal(workflow.permissions, { contents: 'read', checks: 'write', 'pull-requests': 'write' });
  const jobs = Object.values(workflow.jobs);
  assert.is(jobs.length, 1);
  assert.equal(
    jobs[0]?.steps.map(({ uses, run }) => [uses?.replace(/^.*\//, ''), run]),
    [['berth@main', undefined]],
  );
  assert.is(jobs[0]?.permissions, undefined);
  assert.ok(!('berth' in workflow.jobs), 'a job of that name would be a second check of it');
});

test.run();
