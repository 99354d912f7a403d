// The options by which a boot server reaches the site repo.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSiteRepo, type SiteRepoOptions } from '../../../reconciler/cli/site-repo-options.ts';
import { serveGit } from '../../../vdc/git-host.ts';
import { GitFixture } from '../../git.ts';

interface Context {
  folder: string;
}

const test = suite<Context>('options of the site repo');

test.before((context) => {
  context.folder = mkdtempSync(path.join(tmpdir(), 'berth-repo-'));
});

test.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const url = 'http://127.0.0.1:1/site.git';

const faults: readonly (readonly [string, Partial<SiteRepoOptions>, RegExp])[] = [
  [
    'a token that is not there',
    { repoTokenFile: '/nowhere/token' },
    /^--repo-token-file \/nowhere\/token cannot be read: ENOENT$/,
  ],
  ['certificates that are not there', { repoCa: '/nowhere/ca' }, /^--repo-ca \/nowhere\/ca cannot be read: ENOENT$/],
  ['no source at all', { repo: [] }, /--repo/],
  [
    'credentials in a URL',
    { repo: ['https://ada:secret@example.com/site.git'] },
    /credentials do not belong into a URL/,
  ],
  ['a mirror that is no URL', { repo: [url, 'site.git'] }, /http or https URL/],
  ['a proxy that is none', { repoProxy: 'socks5://127.0.0.1' }, /proxy/],
];

for (const [name, options, message] of faults) {
  test(`${name} is said at once`, async ({ folder }) => {
    const error = await openSiteRepo({ repo: [url], branch: 'main', ...options }, folder).catch(
      (caught: unknown) => caught,
    );
    assert.instance(error, Error);
    assert.match((error as Error).message, message);
    assert.not.match((error as Error).message, 'secret');
  });
}

test('an empty token is none', async ({ folder }) => {
  const repoTokenFile = path.join(folder, 'token');
  writeFileSync(repoTokenFile, '\n');
  const error = await openSiteRepo({ repo: [url], branch: 'main', repoTokenFile }, folder).catch(
    (caught: unknown) => caught,
  );
  assert.match(String(error), `--repo-token-file ${repoTokenFile} is empty`);
});

test('mirrors are asked in order', async ({ folder }) => {
  const git = new GitFixture();
  const host = await serveGit({ root: git.root, host: '127.0.0.1', port: 0 });
  try {
    const repository = git.repository();
    const head = repository.commit('first');
    repository.push();
    const repo = [`${host.url}/gone.git`, `${host.url}/site.git`];
    const opened = await openSiteRepo({ repo, branch: 'main' }, folder);
    assert.is(await opened.fetch(new AbortController().signal), head);
    assert.equal(
      opened.sources.map(({ location, state, used }) => [location, state, used]),
      [
        [repo[0], 'failed', false],
        [repo[1], 'current', true],
      ],
    );
    opened.close();
    assert.ok(existsSync(path.join(folder, 'site-repo')));
  } finally {
    await host.close();
    git.remove();
  }
});

test.run();
