// time limit: 240 s
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectEtcd } from '../../schema/state/etcd.ts';
import { Berth, buildBerth, type Line } from '../berth.ts';
import { type EtcdMember, startEtcd } from '../etcd.ts';
import { eventually } from '../eventually.ts';

interface Context {
  /** Where the user stands. */
  folder: string;
  /** The work folder of a run that is told no other. */
  work: string;
  runs: Berth[];
  up: (args: readonly string[], env?: Readonly<Record<string, string>>) => Berth;
}

/** With a full run, which takes some ten seconds, it may have to share two cores. */
const runMs = 90_000;

const test = suite<Context>('up');

test.before(buildBerth);

test.before.each((context) => {
  context.folder = mkdtempSync(path.join(tmpdir(), 'berth-up-'));
  context.work = path.join(context.folder, '.berth');
  context.runs = [];
  context.up = (args, env = {}) => {
    const run = new Berth(['up', ...args], { cwd: context.folder, env });
    context.runs.push(run);
    return run;
  };
});

test.after.each(async ({ runs, folder }) => {
  for (const run of runs) await run.kill('SIGTERM');
  await eventually('no process is left', () => processesOf(folder).length === 0, 20_000, 50);
  rmSync(folder, { recursive: true });
});

/** Everything that runs with a path of the folder among its arguments: all that `berth up` starts has one. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((command) => command.includes(folder));
}

/** The events, each with the step that it belongs to, without repetitions. */
function story(lines: readonly Line[]): readonly string[] {
  const told = lines.map(({ event, step }) => `${step} ${event}`);
  return told.filter((line, index) => line !== told[index - 1]);
}

function texts(lines: readonly Line[], event: string): string {
  return lines
    .filter((line) => line.event === event)
    .map((line) => String(line.text))
    .join('\n');
}

test('a signed commit becomes booted machines, a second one rolls, a third one is refused; nothing is left', async ({
  up,
  folder,
  work,
}) => {
  const run = up(['--once', '--json']);
  await run.event('boot');
  // Another one that comes while it runs.
  const second = up(['--once', '--json']);
  assert.is((await second.ended).code, 1);
  assert.match(second.otherLines.join('\n'), `berth up runs already in ${work}, as process ${run.pid}`);

  await run.event('done', undefined, 0, runMs);
  assert.equal(await run.ended, { code: 0, signal: null });
  assert.equal(run.otherLines, [], 'every line is JSON');
  const told = story(run.lines);
  const wanted = [
    ...['1 step', '1 commit', '2 step', '2 git', '2 mirror', '2 etcd', '2 boot', '2 stand-ins', '2 agent'],
    ...['3 step', '3 accepted', '3 plan', '3 published', '3 stage', '3 converged'],
    ...['4 step', '4 commit', '4 accepted', '4 plan', '4 published', '4 action', '4 converged', '4 rolled'],
    ...['5 step', '5 commit', '5 refused', '5 unchanged', '5 done'],
  ];
  let at = -1;
  for (const line of wanted) {
    const next = told.indexOf(line, at + 1);
    assert.ok(next > at, `${line} comes in its turn: ${told.join(', ')}`);
    at = next;
  }
  const restarts = run.lines.filter(({ event, kind, step }) => event === 'action' && kind === 'restart' && step === 4);
  assert.is(new Set(restarts.map(({ serial }) => serial)).size, 25);
  const find = (event: string): Line => run.lines.find((line) => line.event === event) ?? {};
  assert.equal(find('rolled').racks, ['r0', 'r1', 'r2', 'r3']);
  assert.is(find('refused').code, 'untrusted-key');
  const seconds = run.lines.map((line) => Number(line.seconds));
  assert.equal(
    seconds,
    [...seconds].sort((a, b) => a - b),
  );

  assert.equal(processesOf(folder), []);
  assert.equal(readdirSync(folder), ['.berth'], 'it writes nowhere else');
  assert.not.match(JSON.stringify(run.lines), 'PRIVATE KEY');
});

test('killed in the middle it leaves no process behind, and the folder can be used again at once', async ({
  up,
  folder,
  work,
}) => {
  const killed = up(['--once', '--json']);
  await killed.event('action');
  assert.ok(processesOf(folder).length >= 4, 'etcd, boot service, machines and agent run');
  killed.signal('SIGKILL');
  await killed.ended;

  // Without --once it stays until Ctrl-C, and with an etcd that is given it starts none.
  const etcd = await startEtcd();
  try {
    const run = up(['--json', '--etcd', etcd.url]);
    await run.event('look', undefined, 0, runMs);
    assert.match(texts(run.lines, 'etcd'), etcd.url);
    assert.not.ok(readdirSync(work).includes('etcd'));
    const status = new Berth(['status'], { cwd: folder });
    assert.is((await status.ended).code, 0);
    assert.match(status.otherLines.join('\n'), /^tokyo0: generation 2 of commit /);
    assert.match(status.otherLines.join('\n'), /^machines: 32 running$/m);
    run.signal('SIGINT');
    assert.equal(await run.ended, { code: 0, signal: null });
    assert.is(run.lines.at(-1)?.event, 'stopped');
    assert.equal(processesOf(folder), []);

    const before = await contentOf(etcd);
    const again = up(['--once', '--json', '--etcd', etcd.url]);
    assert.is((await again.ended).code, 1);
    assert.match(texts(again.lines, 'failed'), `the etcd at ${etcd.url} holds a site tokyo0 already`);
    assert.equal(await contentOf(etcd), before, 'nothing has changed');
    assert.equal(processesOf(folder), []);
  } finally {
    await etcd.stop();
  }
});

/** All keys of the site, each with its newest revision, and the store's own. */
async function contentOf(etcd: EtcdMember): Promise<unknown> {
  const kv = connectEtcd({ endpoints: [etcd.url], site: 'tokyo0' });
  try {
    const { entries, revision } = await kv.list('');
    // What is bound to a lease goes with it, if it has not gone yet.
    return { entries: entries.filter(({ lease }) => lease === null), revision };
  } finally {
    kv.close();
  }
}

for (const moment of ['step', 'git', 'boot', 'action']) {
  test(`Ctrl-C at the event ${moment} ends it, and every process with it`, async ({ up, folder }) => {
    const run = up(['--once', '--json']);
    await run.event(moment);
    run.signal('SIGINT');
    assert.equal(await run.ended, { code: 1, signal: null });
    assert.match(texts(run.lines, 'failed'), 'stopped by SIGINT');
    assert.equal(processesOf(folder), []);
    assert.equal(readdirSync(folder), ['.berth']);
  });
}

test('a folder that holds anything else is left as it is', async ({ up, work }) => {
  mkdirSync(work);
  writeFileSync(path.join(work, 'precious'), 'do not remove');
  const run = up(['--once']);
  assert.is((await run.ended).code, 1);
  assert.match(run.otherLines.join('\n'), `${work} holds files that are not of an earlier run`);
  assert.equal(readdirSync(work), ['precious']);
});

test('of several that begin at the same moment in a new folder one goes on', async ({ up, folder }) => {
  const runs = [1, 2, 3].map(() => up(['--once', '--json']));
  await eventually('two are refused', () => runs.filter(({ end }) => end !== null).length === 2, 20_000);
  const refused = runs.filter(({ end }) => end !== null);
  for (const { end, otherLines } of refused) {
    assert.is(end?.code, 1);
    assert.match(otherLines.join('\n'), 'berth up runs already in');
  }
  const [winner] = runs.filter(({ end }) => end === null);
  await winner?.event('commit');
  await winner?.kill('SIGINT');
  assert.equal(processesOf(folder), []);
});

for (const [missing, why] of [
  ['git', /^git is missing: install it, or put it on PATH$/m],
  ['ssh-keygen', /^ssh-keygen is missing: install it, or put it on PATH$/m],
  ['etcd', /^etcd: it ended with code 127\n.*etcd.*No such file or directory/m],
] as const) {
  test(`without ${missing} it ends with the reason`, async ({ up, folder }) => {
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    for (const program of ['git', 'ssh-keygen', 'etcd', 'setpriv', 'true']) {
      if (program !== missing) symlinkSync(onPath(program), path.join(bin, program));
    }
    const run = up(['--once', '--json'], { PATH: bin });
    assert.is((await run.ended).code, 1);
    assert.match(texts(run.lines, 'failed'), why);
    assert.equal(processesOf(folder), []);
  });
}

function onPath(program: string): string {
  const found = (process.env.PATH ?? '')
    .split(':')
    .map((folder) => path.join(folder, program))
    .find(existsSync);
  if (found === undefined) throw new Error(`${program} is not installed here`);
  return found;
}

test('started through a link, as npx does, it finds its checkout', async ({ folder }) => {
  const link = path.join(folder, 'berth');
  symlinkSync(new URL('../../bin/berth.mjs', import.meta.url).pathname, link);
  const run = new Berth(['up', '--once', '--json'], { cwd: folder, launcher: link });
  try {
    await run.event('agent');
  } finally {
    await run.kill('SIGINT');
  }
});

test.run();
