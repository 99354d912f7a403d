// Several sources: which one counts, and what is said of the others.
import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Repository } from '../../../../reconciler/source/repository.ts';
import { gitEnvironment, type TestRepository } from '../../../git.ts';
import { failure, filesIn, never, PullLab } from './pull-lab.ts';

let lab: PullLab;
test.before(async () => {
  lab = await PullLab.start();
});
test.after(() => lab.stop());

/** What is said of each source: state, whether it is used, and what went wrong. */
function said(clone: Repository): string[] {
  return clone.sources.map(
    ({ state, used, error }) => `${state}${used ? ' used' : ''}${error ? ` ${error.code}` : ''}`,
  );
}

/** A repository and a mirror of it, which stays as it is until it is told to follow. */
function mirrored(): {
  readonly repository: TestRepository;
  readonly url: string;
  readonly mirror: string;
  follow(): void;
} {
  const { repository, path } = lab.remote();
  const mirror = lab.remote();
  const follow = (): void => {
    repository.git('push', '-q', '--force', mirror.repository.bare, 'HEAD:refs/heads/main');
  };
  follow();
  return { repository, url: lab.host.url + path, mirror: lab.host.url + mirror.path, follow };
}

const nobody = 'http://127.0.0.1:1/site.git';

test('the first source that answers is used, and what is wrong with those before it is told', async () => {
  const { repository, url, mirror } = mirrored();
  const clone = await lab.open({
    url: nobody,
    mirrors: [{ url: `${lab.host.url}/none.git` }, { url }, { url: mirror }],
  });
  assert.equal(said(clone), ['unasked', 'unasked', 'unasked', 'unasked']);
  assert.is(await clone.fetch(never), repository.head());
  assert.equal(said(clone), ['failed unreachable', 'failed no-repository', 'current used', 'unasked']);
  const [dead, , used] = clone.sources;
  assert.is(dead?.location, nobody);
  assert.match(dead?.error?.message ?? '', '127.0.0.1:1 gives no answer');
  assert.is(dead?.head, null);
  assert.is(used?.head, repository.head());
  assert.ok(Date.now() - Date.parse(used?.answeredAt ?? '') < 60_000);
});

test('when no source answers, each says why', async () => {
  const clone = await lab.open({ url: nobody, mirrors: [{ url: `${lab.host.url}/none.git` }] });
  try {
    await clone.fetch(never);
    assert.unreachable();
  } catch (error) {
    const { message, code } = error as { message: string; code: string };
    assert.is(code, 'unreachable');
    assert.match(message, /127\.0\.0\.1:1 gives no answer.*none\.git: .* knows no such repository/);
  }
});

test('a mirror that lags does not win over one that does not', async () => {
  const { repository, url, mirror, follow } = mirrored();
  const first = repository.head();
  const clone = await lab.open({ url: mirror, mirrors: [{ url }] });
  assert.is(await clone.fetch(never, [first]), first);
  assert.equal(said(clone), ['current used', 'unasked']);
  const second = repository.commit('second');
  repository.push();
  const direct = await lab.open({ url });
  assert.is(await direct.fetch(never, [first]), second);
  // The site has accepted the second commit meanwhile, another boot server having pulled it.
  assert.is(await clone.fetch(never, [first, second]), second);
  assert.equal(said(clone), ['behind', 'current used']);
  assert.is(clone.sources[0]?.head, first);
  const stuck = await lab.open({ url: mirror });
  assert.is(await stuck.fetch(never, [first, second]), first);
  assert.equal(said(stuck), ['behind used'], 'no source has brought the second commit here, and nothing has parted');
  follow();
  assert.is(await clone.fetch(never, [second]), second);
  assert.equal(said(clone), ['current used', 'current']);
});

test('when all lag, the first is believed to be what it is: the judge shall see it', async () => {
  const { repository, url, mirror } = mirrored();
  const first = repository.head();
  const second = repository.commit('second');
  repository.push();
  const clone = await lab.open({ url, mirrors: [{ url: mirror }] });
  await clone.fetch(never);
  repository.push(first);
  assert.is(await clone.fetch(never, [second]), first);
  assert.equal(said(clone), ['behind used', 'behind']);
});

test('a source of another history stands aside, and the accepted one stays', async () => {
  const { repository, url } = mirrored();
  const accepted = repository.head();
  const other = lab.remote();
  other.repository.write('site.yaml', 'id: two\n');
  other.repository.git('commit', '-q', '--amend', '--all', '--no-gpg-sign', '-m', 'another first');
  other.repository.push();
  const clone = await lab.open({ url: lab.host.url + other.path, mirrors: [{ url }] });
  assert.is(await clone.fetch(never, [accepted]), accepted);
  assert.equal(said(clone), ['aside', 'current used']);
  assert.ok(await clone.has(other.repository.head()));
  const alone = await lab.open({ url: lab.host.url + other.path });
  assert.is(await alone.fetch(never, [accepted]), other.repository.head());
  assert.equal(said(alone), ['behind used'], 'what was accepted is not here: that it lacks it is all that is known');
});

test('a mirror that withholds what is new is found out when all are asked', async () => {
  const { repository, url, mirror } = mirrored();
  const first = repository.head();
  const often = await lab.open({ url: mirror, mirrors: [{ url: nobody }, { url }], compareSeconds: 0 });
  const seldom = await lab.open({ url: mirror, mirrors: [{ url }], compareSeconds: 3600 });
  const second = repository.commit('second');
  repository.push();
  assert.is(await often.fetch(never, [first]), second);
  assert.equal(said(often), ['current', 'failed unreachable', 'current used']);
  assert.is(await seldom.fetch(never, [first]), first);
});

test('what one source has brought is not fetched again from another', async () => {
  const { repository, path } = lab.remote();
  repository.write('racks/large.yaml', `note: ${'0123456789abcdef'.repeat(3000)}\n`);
  for (let number = 0; number < 20; number += 1) {
    repository.write(`racks/r${number}.yaml`, `number: ${number}\nserial: ${Math.random()}\n`);
    repository.commit(`rack ${number}`);
  }
  repository.push();
  const one = await lab.fronts.pass(lab.host.url);
  const other = await lab.fronts.pass(lab.host.url);
  const folder = lab.folder();
  const clone = await lab.open({ folder, url: one.url + path });
  await clone.fetch(never);
  const whole = one.seen.find(({ method }) => method === 'POST')?.answerBytes ?? 0;
  repository.write('racks/r1.yaml', 'number: 1\n');
  const head = repository.commit('one more');
  repository.push();
  const moved = await lab.open({ folder, url: other.url + path });
  assert.is(await moved.fetch(never), head);
  assert.is(await moved.fetch(never), head);
  const posts = other.seen.filter(({ method }) => method === 'POST');
  assert.is(posts.length, 1, 'nothing new needs no pack');
  const more = posts[0]?.answerBytes ?? 0;
  assert.ok(whole > 5000 && more > 0 && more < 2500 && more < whole / 3, `${whole} bytes at first, then ${more}`);
});

test('a source that leaves out objects takes nothing away', async () => {
  const { repository, path } = lab.remote();
  const folder = lab.folder();
  const good = await lab.open({ folder, url: lab.host.url + path });
  const accepted = await good.fetch(never);
  const before = filesIn(folder);
  // A commit alone: its tree is left out.
  repository.write('site.yaml', 'id: two\n');
  const head = repository.commit('second');
  const pack = packOf(repository, head);
  const liar = await lab.fronts.pass(lab.host.url, {
    change: (answer, { method }) =>
      method === 'POST' ? sideBand(pack) : Buffer.from(answer.toString('latin1').replaceAll(accepted, head), 'latin1'),
  });
  const clone = await lab.open({ folder, url: liar.url + path });
  assert.is(await failure(clone.fetch(never, [accepted])), 'corrupt');
  assert.match(clone.sources[0]?.error?.message ?? '', 'left out');
  assert.equal(filesIn(folder), before);
  assert.ok(await clone.has(accepted));
  assert.not.ok(await clone.has(head));
  repository.push();
  assert.is(await good.fetch(never, [accepted]), head);
});

function packOf(repository: TestRepository, ...objects: readonly string[]): Buffer {
  const input = objects.map((oid) => `${oid}\n`).join('');
  return execFileSync('git', ['pack-objects', '--stdout', '-q'], { cwd: repository.work, env: gitEnvironment, input });
}

function sideBand(pack: Buffer): Buffer {
  const length = (pack.length + 5).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(`0008NAK\n${length}\x01`), pack, Buffer.from('0000')]);
}

test.run();
