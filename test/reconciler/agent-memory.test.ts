// time limit: 180 s
// What boot servers remember by themselves of whom to believe, and what administrators tell them by hand.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seal } from '../../reconciler/secrets/seal.ts';
import { parseAgeRecipient } from '../../schema/age-recipient.ts';
import type { SiteFiles } from '../../schema/load.ts';
import type { HistoryEntry } from '../../schema/types/history-entry.ts';
import type { ObservedAgent } from '../../schema/types/observed-agent.ts';
import type { Berth } from '../berth.ts';
import { eventually } from '../eventually.ts';
import { signing, type TestKey } from '../git.ts';
import { edited, smallSite } from '../small-site.ts';
import { Lab } from './lab.ts';

// One lab for all: each test begins and ends with a site that has converged on a commit, and no agent.
const declared = await smallSite();

interface Context {
  lab: Lab;
  bob: TestKey;
  generation: number;
  /** The same files as the newest commit has, but for what all compute servers boot. */
  nextRoll: () => SiteFiles;
}

const test = suite<Context>('agent and its memory');

test.before(async (context) => {
  const lab = await Lab.start();
  const bob = lab.git.key('bob');
  lab.repository.trust({ key: lab.key }, { key: bob });
  lab.commit('Trust bob', new Map());
  const agent = await lab.startAgent();
  await lab.converges(1);
  await agent.kill('SIGTERM');
  let next = 3;
  const nextRoll = () => edited(declared, 'roles/cs.yaml', 'journalMaxUse: 2G', `journalMaxUse: ${next++}G`);
  Object.assign(context, { lab, bob, generation: 1, nextRoll });
});

test.after(({ lab }) => lab.stop());

async function seen(lab: Lab, name = 'boot-0'): Promise<ObservedAgent | undefined> {
  return (await lab.agentsSeen()).find((agent) => agent.name === name);
}

/** Wait until an agent says so of itself. */
async function says(lab: Lab, what: string, is: (agent: ObservedAgent) => boolean, name = 'boot-0'): Promise<void> {
  let last: ObservedAgent | undefined;
  try {
    await eventually(
      `${name}: ${what}`,
      async () => {
        last = await seen(lab, name);
        return last !== undefined && is(last);
      },
      15_000,
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}; it says ${JSON.stringify(last)}`);
  }
}

function refuses(lab: Lab, code: string, name = 'boot-0'): Promise<void> {
  return says(lab, `refuses with ${code}`, ({ refused }) => refused?.code === code, name);
}

async function entriesOf(lab: Lab, event: HistoryEntry['event']): Promise<readonly HistoryEntry[]> {
  return (await lab.history()).filter((entry) => entry.event === event);
}

function byHand(lab: Lab, name: string, ...args: readonly string[]): Promise<string> {
  return lab.command('trust', ...args, '--data', lab.dataOf(name));
}

async function started(lab: Lab): Promise<Berth> {
  const agent = await lab.startAgent();
  await agent.event('elected');
  return agent;
}

test('the introduction is kept once something was accepted by it, and needs not be given again', async ({ lab }) => {
  const kept = JSON.parse(readFileSync(path.join(lab.dataOf('boot-0'), 'trust', 'introduction.json'), 'utf8'));
  assert.is(`${kept.commit}:${kept.key}`, lab.introduction);
  const agent = await lab.startAgent('boot-0', { introduction: null });
  await agent.event('elected');
  await agent.kill('SIGTERM');
  const other = `${lab.repository.head()}:${lab.key.fingerprint}`;
  const refusal = await lab.startAgent('boot-0', { introduction: other }).catch((error: Error) => error.message);
  assert.match(String(refusal), 'this server was introduced with');
  const fresh = await lab.startAgent('boot-9', { introduction: null }).catch((error: Error) => error.message);
  assert.match(String(fresh), 'nothing says where trust begins');
});

test('what etcd has accepted counts for a server that has lost its own memory', async (context) => {
  const { lab } = context;
  const newest = lab.repository.head();
  rmSync(path.join(lab.dataOf('boot-0'), 'trust', 'accepted.json'));
  lab.repository.push(`${newest}~1`);
  const agent = await lab.startAgent();
  await refuses(lab, 'not-descendant');
  assert.is((await lab.target())?.commit, newest);
  lab.repository.push(newest);
  await lab.pull(agent);
  await says(lab, 'accepts what is in force', ({ accepted }) => accepted === newest);
  await agent.kill('SIGTERM');
});

test('a branch that is gone changes nothing', async ({ lab }) => {
  const newest = lab.repository.head();
  const agent = await started(lab);
  execFileSync('git', ['update-ref', '-d', 'refs/heads/main'], { cwd: lab.repository.bare });
  await lab.pull(agent);
  const { err } = await agent.event('pull-failed');
  assert.is((err as { code?: unknown }).code, 'no-branch');
  await says(lab, 'says of the source what is wrong', ({ sources }) => sources?.[0]?.state === 'failed');
  const { accepted, held } = (await seen(lab)) ?? {};
  assert.equal([accepted, held], [newest, undefined]);
  lab.repository.push(newest);
  await agent.kill('SIGTERM');
});

test("another site's history is refused, well signed as it is", async ({ lab }) => {
  const osaka = lab.git.repository('osaka');
  for (const [name, { bytes }] of edited(declared, 'site.yaml', 'site: tokyo0', 'site: osaka0'))
    osaka.write(name, bytes);
  osaka.trust({ key: lab.key });
  const first = osaka.commit('Declare Osaka', lab.key);
  osaka.push();
  const repo = `${lab.gitHost.url}/osaka.git`;
  const introduction = `${first}:${lab.key.fingerprint}`;
  const agent = await lab.startAgent('boot-7', { repo, introduction });
  await refuses(lab, 'other-site', 'boot-7');
  await agent.kill('SIGTERM');
});

test('a mirror that withholds a commit is noticed by what the other server has accepted', async (context) => {
  const { lab } = context;
  const mirror = path.join(lab.git.root, 'mirror.git');
  execFileSync('git', ['clone', '-q', '--bare', lab.repository.bare, mirror], { stdio: 'ignore' });
  const leader = await started(lab);
  const more = ['--stale-after', '0.2'];
  const other = await lab.startAgent('boot-1', { repo: `${lab.gitHost.url}/mirror.git`, more });
  await says(lab, 'accepts', ({ accepted }) => accepted === lab.repository.head(), 'boot-1');
  assert.is((await seen(lab, 'boot-1'))?.behind, undefined);
  assert.is((await seen(lab, 'boot-1'))?.root, (await seen(lab))?.root);

  const newer = lab.commit('Roll', context.nextRoll());
  await lab.pull(leader);
  const { server, commit, kind, level } = await other.event('behind');
  assert.equal([server, commit, kind, level], ['boot-0', newer, 'behind', 50]);
  await says(lab, 'disagrees', ({ behind }) => behind?.commit === newer, 'boot-1');
  const status = await lab.command('status', '--etcd', lab.etcd.url, '--site', 'tokyo0');
  assert.match(status, `disagrees: boot-0 has accepted commit ${newer.slice(0, 12)}`);
  const { port } = (await other.event('ready')).http as { port: number };
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(metrics, /^berth_behind_seconds [1-9]\d*$/m);
  assert.match(metrics, /^berth_accepted_commit_age_seconds \d+$/m);
  await lab.converges(++context.generation);

  lab.repository.git('push', '-q', '--force', mirror, 'HEAD:refs/heads/main');
  await lab.pull(other);
  await says(lab, 'agrees', ({ behind, accepted }) => behind === undefined && accepted === newer, 'boot-1');
  assert.is(other.lines.filter(({ event }) => event === 'behind').length, 1, 'said once');
  await other.kill('SIGTERM');
  await leader.kill('SIGTERM');
});

test('a history that was rewritten comes into force by hand only, and leaves a mark', async (context) => {
  const { lab } = context;
  const before = lab.repository.head();
  const agent = await started(lab);
  // Accepted, and never in force, since it changes nothing.
  const noted = lab.commit('Note', new Map());
  await lab.pull(agent);
  await says(lab, 'accepts', ({ accepted }) => accepted === noted);
  lab.repository.git('reset', '-q', '--hard', `${before}~1`);
  const rewritten = lab.commit('Roll otherwise', context.nextRoll());
  await lab.pull(agent);
  await refuses(lab, 'not-descendant');
  assert.is((await lab.target())?.commit, before);

  await byHand(lab, 'boot-0', 'accept', rewritten, '--reason', 'Ada had to rewrite it', '--yes');
  await lab.pull(agent);
  await lab.converges(++context.generation);
  assert.is((await lab.target())?.commit, rewritten);
  await eventually('it has a mark', async () => (await entriesOf(lab, 'accepted-by-hand')).length > 0);
  await agent.kill('SIGTERM');

  // Another term, by a server that starts: what has its mark gets no other.
  const again = await started(lab);
  const next = lab.commit('Roll on', context.nextRoll());
  await lab.pull(again);
  await lab.converges(++context.generation);
  const marks = await entriesOf(lab, 'accepted-by-hand');
  assert.is(marks.length, 1);
  assert.is(marks[0]?.commit, rewritten);
  assert.match(marks[0]?.detail ?? '', `on boot-0 at `);
  assert.match(marks[0]?.detail ?? '', `, instead of ${noted.slice(0, 12)}: Ada had to rewrite it`);
  assert.is((await seen(lab))?.accepted, next);
  assert.is((await seen(lab))?.byHand?.commit, rewritten);
  // What was given up stays given up.
  lab.repository.push(noted);
  await lab.pull(again);
  await refuses(lab, 'not-descendant');
  lab.repository.push(next);
  await again.kill('SIGTERM');
});

test('a commit that takes two is accepted once the other one has pushed an approval', async ({ lab, bob }) => {
  const carol = lab.git.key('carol');
  const signers = [lab.key, bob, carol].map(({ name, publicKey }) => ({ name, key: publicKey, paths: ['**'] }));
  const thresholds = [{ paths: ['trust/'], signatures: 2 }];
  const agent = await started(lab);
  lab.repository.write('trust/signers.yaml', JSON.stringify({ signers, thresholds }));
  const strict = lab.commit('Trust two', new Map());
  await lab.pull(agent);
  await says(lab, 'accepts', ({ accepted }) => accepted === strict);
  lab.repository.write('trust/signers.yaml', JSON.stringify({ signers }));
  const lenient = lab.commit('Trust one', new Map());
  await lab.pull(agent);
  await refuses(lab, 'threshold-missed');
  const tag = `approve/${lenient}/carol`;
  lab.repository.git(...signing(carol), 'tag', '-s', '-m', 'approved', tag, lenient);
  lab.repository.git('push', '-q', 'origin', tag);
  await lab.pull(agent);
  await says(lab, 'accepts', ({ accepted, refused }) => accepted === lenient && refused === undefined);
  await agent.kill('SIGTERM');
});

test('a head whose secrets do not open with the key of the server is refused', async (context) => {
  const { lab } = context;
  const [servers, other] = [lab.git.key('servers'), lab.git.key('other')];
  const recipients = [{ name: 'boot servers', key: servers.publicKey, servers: true }];
  lab.repository.write('trust/recipients.yaml', JSON.stringify({ recipients }));
  const sealed = await seal(Buffer.from('hunter2'), [parseAgeRecipient(servers.publicKey)], true);
  const head = lab.commit('Add a secret', new Map([['secrets/bmc.age', { bytes: sealed, executable: false }]]));
  const agent = await lab.startAgent('boot-0', { more: ['--secrets-key', other.file] });
  await refuses(lab, 'secret-unreadable');
  assert.is.not((await seen(lab))?.accepted, head);
  await agent.kill('SIGTERM');
  const again = await lab.startAgent('boot-0', { more: ['--secrets-key', servers.file] });
  await says(lab, 'accepts', ({ accepted, refused }) => accepted === head && refused === undefined);
  // A role may say that it uses the secret: with its digest it is part of what is in force.
  await lab.converges(++context.generation);
  await again.kill('SIGTERM');
});

test('a key that is revoked on one server takes the head away from it, at once and for good', async (context) => {
  const { lab, bob } = context;
  const agent = await started(lab);
  const rolled = lab.commit('Roll, says bob', context.nextRoll(), bob);
  await lab.pull(agent);
  await lab.converges(++context.generation);

  await byHand(lab, 'boot-0', 'revoke', bob.fingerprint, '--reason', 'His bag was stolen');
  await lab.pull(agent);
  await says(lab, 'holds', ({ held, refused }) => /^key-revoked/.test(held ?? '') && refused?.commit === rolled);
  await agent.event('held');
  await eventually('it has a mark', async () => (await entriesOf(lab, 'revoked-by-hand')).length === 1);
  assert.match((await entriesOf(lab, 'revoked-by-hand'))[0]?.detail ?? '', bob.fingerprint);
  assert.is((await lab.target())?.commit, rolled, 'what runs goes on');
  await agent.kill('SIGTERM');

  const again = await lab.startAgent();
  await says(lab, 'holds', ({ held }) => /^key-revoked/.test(held ?? ''));
  await byHand(lab, 'boot-0', 'accept', rolled, '--reason', 'Ada has read it', '--yes');
  await lab.pull(again);
  await says(lab, 'goes on', ({ held, refused }) => held === undefined && refused === undefined);
  const late = lab.commit('Late, says bob', new Map(), bob);
  await lab.pull(again);
  await says(lab, 'refuses', ({ refused, held }) => refused?.commit === late && held === undefined);
  lab.repository.git('reset', '-q', '--hard', rolled);
  lab.repository.push(rolled);
  await again.kill('SIGTERM');
});

test('a key that the site repo revokes halts the roll-out that rests on it, until somebody takes it over', async (context) => {
  const { lab } = context;
  const eve = lab.git.key('eve');
  lab.repository.trust({ key: lab.key }, { key: eve });
  const before = lab.commit('Trust eve', new Map());
  const agent = await started(lab);
  await lab.pull(agent);
  await says(lab, 'accepts', ({ accepted }) => accepted === before);

  const from = new Date(lab.repository.now * 1000).toISOString().replace('.000Z', 'Z');
  const rolled = lab.commit('Roll, says eve', context.nextRoll(), eve);
  const finished = await lab.atChange(
    (_, deletes) => deletes.some((key) => key.startsWith('operation/')),
    () => {},
  );
  await lab.pull(agent);
  await finished.done;
  const revoked = { reason: 'stolen', from };
  const signers = [
    { name: 'ada', key: lab.key.publicKey, paths: ['**'] },
    { name: 'eve', key: eve.publicKey, paths: ['**'], revoked },
  ];
  lab.repository.write('trust/signers.yaml', JSON.stringify({ signers }));
  const head = lab.commit('Revoke the key of eve', new Map());
  await lab.pull(agent);
  await says(lab, 'holds', ({ held, refused }) => /^key-revoked/.test(held ?? '') && refused?.commit === rolled);
  // What has begun is finished, and all that is left waits.
  await eventually('nothing is being done', async () => (await lab.operations()).length === 0, 20_000, 50);
  await says(lab, 'waits', ({ plan }) => plan !== undefined && plan.actions > 0 && plan.waiting === plan.actions);
  const boots = [...(await lab.bootIds())];

  // Nor by force, nor by a restart, is what was said taken back.
  lab.repository.push(rolled);
  await lab.pull(agent);
  await refuses(lab, 'not-descendant');
  await agent.kill('SIGTERM');
  const again = await lab.startAgent();
  await says(lab, 'holds', ({ held, plan }) => /^key-revoked/.test(held ?? '') && plan?.waiting === plan?.actions);
  assert.equal([...(await lab.bootIds())], boots);

  lab.repository.push(head);
  await lab.pull(again);
  await refuses(lab, 'key-revoked');
  await byHand(lab, 'boot-0', 'accept', head, '--reason', 'Ada has read what eve did', '--yes');
  await lab.pull(again);
  await lab.converges(++context.generation);
  await says(lab, 'goes on', ({ held }) => held === undefined);
  await again.kill('SIGTERM');
});

test.run();
