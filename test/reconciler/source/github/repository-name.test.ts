import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gitHubOfUrl, parseRepositoryName } from '../../../../reconciler/source/github/repository-name.ts';

for (const [text, expected] of [
  ['acme/site', { owner: 'acme', repo: 'site' }],
  ['a-c_me1/site.tokyo-0', { owner: 'a-c_me1', repo: 'site.tokyo-0' }],
  ['acme_corp/x', { owner: 'acme_corp', repo: 'x' }],
  ['acme', null],
  ['acme/site/x', null],
  ['acme/..', null],
  ['-acme/site', null],
  ['acme/si te', null],
  ['/site', null],
  ['undefined', null],
] as const) {
  test(`name ${text}`, () => assert.equal(parseRepositoryName(text), expected));
}

const repository = { owner: 'acme', repo: 'site' };

for (const [url, expected] of [
  ['https://github.com/acme/site', { apiUrl: 'https://api.github.com', repository }],
  ['https://github.com/acme/site.git', { apiUrl: 'https://api.github.com', repository }],
  ['https://github.com/acme/site/', { apiUrl: 'https://api.github.com', repository }],
  ['https://x-access-token:secret@github.com/acme/site.git', { apiUrl: 'https://api.github.com', repository }],
  ['https://acme.ghe.com/acme/site', { apiUrl: 'https://api.acme.ghe.com', repository }],
  ['https://git.example.org/acme/site', { apiUrl: 'https://git.example.org/api/v3', repository }],
  ['http://127.0.0.1:8080/acme/site.git', { apiUrl: 'http://127.0.0.1:8080/api/v3', repository }],
  ['https://git.example.org/group/acme/site', null],
  ['git@github.com:acme/site.git', null],
  ['ssh://git@github.com/acme/site.git', null],
  ['file:///srv/acme/site', null],
  ['/srv/git/site.git', null],
] as const) {
  test(`URL ${url}`, () => assert.equal(gitHubOfUrl(url), expected));
}

test.run();
