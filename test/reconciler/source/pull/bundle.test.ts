// The site repo in a file: what `git bundle` writes is read, and what is not whole is refused.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gitEnvironment, type TestRepository } from '../../../git.ts';
import { failure, filesIn, never, PullLab } from './pull-lab.ts';

let lab: PullLab;
test.before(async () => {
  lab = await PullLab.start();
});
test.after(() => lab.stop());

/** Somebody's working copy, and where its bundles go. */
function carried(): { readonly repository: TestRepository; readonly file: string } {
  return { repository: lab.remote().repository, file: join(lab.folder(), 'site.bundle') };
}

function bundle(repository: TestRepository, file: string, what: string, version = 2): void {
  repository.git('bundle', 'create', '-q', `--version=${version}`, file, what);
}

for (const version of [2, 3]) {
  test(`a bundle of version ${version} is a source like any other`, async () => {
    const { repository, file } = carried();
    bundle(repository, file, 'main', version);
    const clone = await lab.open({ url: file });
    const first = await clone.fetch(never);
    assert.is(first, repository.head());
    assert.equal(Buffer.from(await clone.commit(first)), repository.object(first));
    assert.equal(clone.sources[0]?.location, file);
    // A later one that holds only what is new since then.
    repository.write('site.yaml', 'id: two\n');
    const second = repository.commit('second');
    bundle(repository, file, `${first}..main`, version);
    assert.is(await clone.fetch(never, [first]), second);
    assert.equal(Buffer.from(await clone.commit(second)), repository.object(second));
    assert.equal(clone.sources[0]?.state, 'current');
  });
}

test('a bundle with deltas against what was carried before', async () => {
  const { repository, file } = carried();
  const lines = Array.from({ length: 500 }, (_, number) => `  - serial: ${number * 7919}\n`);
  repository.write('racks/large.yaml', lines.join(''));
  const first = repository.commit('large');
  bundle(repository, file, 'main');
  const folder = lab.folder();
  const clone = await lab.open({ folder, url: pathToFileURL(file).href });
  await clone.fetch(never);
  repository.write('racks/large.yaml', lines.toSpliced(250, 1).join(''));
  const second = repository.commit('one less');
  bundle(repository, file, `${first}..main`);
  assert.ok(statSync(file).size < 1000, 'it is a thin pack');
  assert.is(await clone.fetch(never), second);
  const blob = repository.git('rev-parse', 'HEAD:racks/large.yaml');
  assert.equal(Buffer.from(await clone.blob(blob)), repository.object(blob, 'blob'));
  clone.close();
  execFileSync('git', ['fsck', '--full', '--strict'], {
    cwd: join(folder, 'clone-1'),
    env: gitEnvironment,
    stdio: 'ignore',
  });
});

test('a bundle is read again when it is another file, and not before', async () => {
  const { repository, file } = carried();
  bundle(repository, file, 'main');
  const { size } = statSync(file);
  utimesSync(file, 1_700_000_000, 1_700_000_000);
  const clone = await lab.open({ url: file });
  const first = await clone.fetch(never);
  await clone.fetch(never);
  writeFileSync(file, Buffer.alloc(size));
  utimesSync(file, 1_700_000_000, 1_700_000_000);
  assert.is(await clone.fetch(never), first, 'it is taken for the same file');
  utimesSync(file, 1_700_000_000, 1_700_000_001);
  assert.is(await failure(clone.fetch(never)), 'bad-bundle');
  bundle(repository, file, 'main');
  assert.is(await clone.fetch(never), first);
});

test('a bundle that is still being copied is tried again', async () => {
  const { repository, file } = carried();
  const whole = `${file}.whole`;
  bundle(repository, whole, 'main');
  const { size } = statSync(whole);
  const folder = lab.folder();
  const clone = await lab.open({ folder, url: file });
  assert.is(await failure(clone.fetch(never)), 'unreachable');
  for (const copied of [0, 10, 60, 200, size - 21, size - 1]) {
    copyFileSync(whole, file);
    truncateSync(file, copied);
    assert.is(await failure(clone.fetch(never)), 'bad-bundle', `${copied} of ${size} bytes`);
    assert.equal(filesIn(folder), []);
  }
  copyFileSync(whole, file);
  assert.is(await clone.fetch(never), repository.head());
});

test('what is no bundle, or not one that can be used, says why', async () => {
  const { repository, file } = carried();
  const first = repository.head();
  bundle(repository, file, 'main', 3);
  const bytes = readFileSync(file, 'latin1');
  repository.commit('second');
  const open = async (content: string): Promise<string> => {
    writeFileSync(file, content, 'latin1');
    const clone = await lab.open({ url: file });
    const code = await failure(clone.fetch(never));
    return `${code}: ${clone.sources[0]?.error?.message}`;
  };
  const cannot = 'bad-bundle: the bundle cannot be used:';
  for (const [content, why] of [
    ['<html>', `${cannot} it is no Git bundle`],
    [bytes.replace('v3', 'v4'), `${cannot} it is no Git bundle of version 2 or 3`],
    [bytes.replace('=sha1', '=sha256'), `${cannot} it is in Git's sha256 format, not in SHA-1`],
    [bytes.replace('@object', '@filter=blob:none\n@object'), `${cannot} it was made with a filter and lacks objects`],
    [bytes.replace('@object', '@magic=1\n@object'), `${cannot} it needs "magic=1", which is not known here`],
    [bytes.replace(first, 'main'), `${cannot} its header holds "main refs/heads/main", which names no object`],
    [bytes.replace('heads/main', 'heads/other'), 'no-branch: the repository has no branch main'],
  ] as const) {
    assert.is(await open(content), why);
  }
  const needs = `bad-bundle: the bundle builds on commit ${first}, which is not here: make a full one`;
  bundle(repository, file, `${first}..main`);
  assert.is(await open(readFileSync(file, 'latin1')), needs);
  const folder = join(lab.folder(), 'x.bundle');
  mkdirSync(folder);
  assert.is(await failure((await lab.open({ url: folder })).fetch(never)), 'bad-bundle');
  const pipe = join(lab.folder(), 'pipe.bundle');
  execFileSync('mkfifo', [pipe]);
  assert.is(await failure((await lab.open({ url: pipe })).fetch(never)), 'bad-bundle');
  for (const url of ['git@example.org:x.bundle', 'site.git', 'file:///srv/site.git', 'ssh://x/y.bundle']) {
    assert.is(await failure(lab.open({ url })), 'bad-url', url);
  }
});

test('a bundle stands in for a host that is away, and the host for a bundle that is old', async () => {
  const { repository, path } = lab.remote();
  const file = join(lab.folder(), 'site.bundle');
  bundle(repository, file, 'main');
  const first = repository.head();
  const second = repository.commit('second');
  repository.push();
  const url = lab.host.url + path;
  const clone = await lab.open({ url: file, mirrors: [{ url }] });
  assert.is(await clone.fetch(never, [second]), second);
  assert.equal(
    clone.sources.map(({ state, head }) => [state, head]),
    [
      ['behind', first],
      ['current', second],
    ],
  );
  renameSync(repository.bare, `${repository.bare}.away`);
  const third = repository.commit('third');
  bundle(repository, file, 'main');
  const other = await lab.open({ url, mirrors: [{ url: file }] });
  assert.is(await other.fetch(never), third);
});

test('a bundle of a shallow clone lacks history', async () => {
  const { repository, file } = carried();
  repository.commit('second');
  repository.push();
  const shallow = lab.folder();
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${repository.bare}`, shallow], { env: gitEnvironment });
  execFileSync('git', ['bundle', 'create', '-q', file, 'main'], { cwd: shallow, env: gitEnvironment });
  const clone = await lab.open({ url: file });
  assert.is(await failure(clone.fetch(never)), 'shallow');
});

test.run();
