// The times that commits give themselves, against thieves of keys whose time is over.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AuthenticationResult, authenticate } from '../../../../reconciler/source/trust/authenticate.ts';
import { GitFixture, type TestKey, type TestRepository } from '../../../git.ts';
import { localObjects } from '../local-objects.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const [ada, bob, old] = [fixture.key('ada'), fixture.key('bob'), fixture.key('old')];
const hour = 3600;
const day = 24 * hour;
const at = (instant: string): number => Date.parse(instant) / 1000;
const begun = at('2026-01-01T00:00:00Z');
const over = at('2026-02-01T00:00:00Z');
const now = at('2026-03-01T00:00:00Z');

/** Ada may change everything, Bob racks/; Ada had another key, which is over since February. */
function begin(name: string): { readonly site: TestRepository; readonly first: string } {
  const site = fixture.repository(name);
  const signers = [
    { name: 'ada', key: ada.publicKey, paths: ['**'] },
    { name: 'bob', key: bob.publicKey, paths: ['racks/'] },
    { name: 'ada', key: old.publicKey, paths: ['**'], validBefore: '2026-02-01T00:00:00Z' },
  ];
  site.write('trust/signers.yaml', JSON.stringify({ signers }));
  site.at(begun);
  return { site, first: site.commit('introduce', ada) };
}

function commitAt(site: TestRepository, seconds: number, key: TestKey, path = 'racks/r1.yaml'): string {
  site.at(seconds);
  site.write(path, `${path} at ${seconds} by ${key.name}, ${site.head()}\n`);
  return site.commit(`at ${seconds}`, key);
}

function judge(site: TestRepository, from: string, to: string, root: string): Promise<AuthenticationResult> {
  const introduction = { commit: root, keyFingerprint: ada.fingerprint };
  return authenticate({ from, to, reader: localObjects(site), introduction, nowSeconds: now + hour });
}

function refusalOf(result: AuthenticationResult): { readonly code: string; readonly commit: string } | null {
  return result.ok ? null : { code: result.code, commit: result.commit };
}

test('small steps back in time do not lead to the time of a key that is over', async () => {
  const { site, first } = begin('steps');
  const base = commitAt(site, now, ada);
  const steps: string[] = [];
  for (let seconds = now - 23 * hour; seconds > over - 23 * hour; seconds -= 23 * hour) {
    steps.push(commitAt(site, seconds, bob));
  }
  const head = commitAt(site, over - day, old, 'site.yaml');
  const [, second = ''] = steps;
  assert.equal(refusalOf(await judge(site, base, head, first)), { code: 'time-backwards', commit: second });
  assert.equal(refusalOf(await judge(site, first, head, first)), { code: 'time-backwards', commit: second });
  const [one = ''] = steps;
  assert.is(refusalOf(await judge(site, base, one, first)), null, 'a clock may be wrong once');
  assert.equal(
    refusalOf(await judge(site, one, second, first)),
    { code: 'time-backwards', commit: second },
    'nor when each step is accepted before the next one is made',
  );
});

test('a merge does not hide how late it is', async () => {
  const { site, first } = begin('merge');
  const base = commitAt(site, now, ada);
  const back = commitAt(site, now - 20 * hour, bob);
  site.checkout(first);
  const side = commitAt(site, now - 20 * hour, bob, 'racks/r2.yaml');
  site.checkout(back);
  site.at(now - 40 * hour);
  const head = site.merge([side], bob);
  assert.equal(refusalOf(await judge(site, base, head, first)), { code: 'time-backwards', commit: head });
});

test('clocks that are wrong one after the other, all within a day', async () => {
  const { site, first } = begin('clocks');
  const base = commitAt(site, now, ada);
  for (const hours of [10, 20, 5, 23, 23]) commitAt(site, now - hours * hour, bob);
  assert.is(refusalOf(await judge(site, base, site.head(), first)), null);
  assert.is(refusalOf(await judge(site, site.git('rev-parse', 'HEAD^'), site.head(), first)), null);
});

test('nothing below the introduction is looked at', async () => {
  const site = fixture.repository('root');
  site.at(now);
  const ancient = site.commit('ancient, with a clock that was wrong');
  site.trust({ key: ada }, { key: bob, paths: ['racks/'] });
  site.at(begun);
  const root = site.commit('introduce', ada);
  const head = commitAt(site, begun - hour, bob);
  assert.is(refusalOf(await judge(site, root, head, root)), null);
  rmSync(join(site.work, '.git/objects', ancient.slice(0, 2), ancient.slice(2)));
  assert.is(refusalOf(await judge(site, root, head, root)), null);
});

test('a time that no calendar has is a refusal like any other', async () => {
  const { site, first } = begin('calendar');
  const head = commitAt(site, now, bob);
  const payload = site
    .object(head)
    .toString('latin1')
    .replace(/gpgsig .*?-----END SSH SIGNATURE-----\n/s, '');
  const late = payload.replace(/^(committer .*> )\d+/m, '$1999999999999999');
  const armor = fixture.sign(bob, late).trimEnd().replaceAll('\n', '\n ');
  const forged = site.store(late.replace('\n\n', `\ngpgsig ${armor}\n\n`));
  assert.equal(refusalOf(await judge(site, first, forged, first)), { code: 'future-commit', commit: forged });
});

test.run();
