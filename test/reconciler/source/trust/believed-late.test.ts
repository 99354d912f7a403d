// What a head says of itself and of others before anybody has looked at who signed it, and what tags can say.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApprovalTag } from '../../../../reconciler/source/trust/approvals.ts';
import { type AuthenticationResult, authenticate } from '../../../../reconciler/source/trust/authenticate.ts';
import { GitFixture, signing, type TestKey, type TestRepository } from '../../../git.ts';
import { localObjects } from '../local-objects.ts';
import { approvalsIn } from './approvals-in.ts';

const fixture = new GitFixture();
test.after(() => fixture.remove());
const [ada, bob, cyd] = [fixture.key('ada'), fixture.key('bob'), fixture.key('cyd')];
const begun = Date.parse('2026-01-01T00:00:00Z') / 1000;

interface Entry {
  readonly name: string;
  readonly key: string;
  readonly paths: readonly string[];
  readonly validAfter?: string;
  readonly revoked?: { readonly reason: string; readonly from?: string };
}

const entry = ({ name, publicKey }: TestKey, paths: readonly string[]): Entry => ({ name, key: publicKey, paths });

function begin(name: string, signers: readonly Entry[], more: object = {}): { site: TestRepository; first: string } {
  const site = fixture.repository(name);
  site.write('trust/signers.yaml', JSON.stringify({ signers, ...more }));
  site.at(begun);
  return { site, first: site.commit('introduce', ada) };
}

function judge(site: TestRepository, from: string, to: string, tags?: readonly ApprovalTag[]) {
  return authenticate({
    from,
    to,
    reader: localObjects(site),
    introduction: { commit: from, keyFingerprint: ada.fingerprint },
    approvals: tags ? { approvalsOf: async () => tags } : approvalsIn(site),
    nowSeconds: site.now,
  });
}

function outcome(result: AuthenticationResult): string {
  return result.ok ? 'accepted' : `${result.code} at ${result.commit}`;
}

const stolen = { reason: 'stolen', from: '2026-01-01T00:00:00Z' };

test('what a head disbelieves counts only once the head is believed', async () => {
  const { site, first } = begin('heed', [entry(ada, ['**']), entry(bob, ['racks/'])]);
  site.write('racks/r1.yaml', 'x\n');
  const byBob = site.commit('a rack', bob);
  const signers = [entry(ada, ['**']), { ...entry(bob, ['racks/']), revoked: stolen }];
  site.write('trust/signers.yaml', JSON.stringify({ signers }));
  const evil = site.commit('revoke');
  assert.is(outcome(await judge(site, first, evil)), `unsigned at ${evil}`);
  site.git('reset', '-q', '--soft', 'HEAD^');
  const signed = site.commit('revoke', ada);
  assert.is(outcome(await judge(site, first, signed)), `key-revoked at ${byBob}`);
});

test('an approval by a key that the head disbelieves does not count any more', async () => {
  const thresholds = [{ paths: ['racks/'], signatures: 2 }];
  const everyone = [entry(ada, ['**']), entry(bob, ['racks/']), entry(cyd, ['racks/'])];
  const { site, first } = begin('approver', everyone, { thresholds });
  site.write('racks/r1.yaml', 'x\n');
  const approved = site.commit('a rack', bob);
  site.git(...signing(cyd), 'tag', '-s', '-m', 'ok', `approve/${approved}/cyd`, approved);
  assert.is(outcome(await judge(site, first, approved)), 'accepted');
  const signers = [entry(ada, ['**']), entry(bob, ['racks/']), { ...entry(cyd, ['racks/']), revoked: stolen }];
  site.write('trust/signers.yaml', JSON.stringify({ signers, thresholds }));
  const head = site.commit('revoke', ada);
  assert.is(outcome(await judge(site, first, head)), `threshold-missed at ${approved}`);
  assert.is(outcome(await judge(site, approved, head)), 'accepted', 'where that commit had been accepted before');
});

test('an approval from the future does not count', async () => {
  const later = { ...entry(cyd, ['**']), validAfter: '2030-01-01T00:00:00Z' };
  const thresholds = [{ paths: ['**'], signatures: 2 }];
  const { site, first } = begin('future', [entry(ada, ['**']), entry(bob, ['**']), later], { thresholds });
  site.write('racks/r1.yaml', 'x\n');
  const head = site.commit('a rack', bob);
  const now = site.now;
  site.at(Date.parse('2030-06-01T00:00:00Z') / 1000);
  // The time of the tag is that of the next commit.
  site.git(...signing(cyd), 'tag', '-s', '-m', 'ok', `approve/${head}/cyd`, head);
  site.at(now + 1);
  assert.is(outcome(await judge(site, first, head)), `threshold-missed at ${head}`);
  site.at(now + 3600);
  site.git(...signing(ada), 'tag', '-s', '-m', 'ok', `approve/${head}/ada`, head);
  assert.is(outcome(await judge(site, first, head)), 'accepted');
});

test('an approval with a time that no calendar has does not count, and stops nothing', async () => {
  const thresholds = [{ paths: ['**'], signatures: 2 }];
  const { site, first } = begin('calendar', [entry(ada, ['**']), entry(bob, ['**'])], { thresholds });
  site.write('racks/r1.yaml', 'x\n');
  const head = site.commit('a rack', bob);
  const name = `approve/${head}/ada`;
  const text = `object ${head}\ntype commit\ntag ${name}\ntagger A <a> 999999999999999 +0000\n\nok\n`;
  const bytes = Buffer.from(`${text}${fixture.sign(ada, text)}`);
  const tags = [{ ref: `refs/tags/${name}`, bytes }];
  assert.is(outcome(await judge(site, first, head, tags)), `threshold-missed at ${head}`);
});

test('neither tags nor headers that anybody can push make a refusal that is too long to be told', async () => {
  const thresholds = [{ paths: ['**'], signatures: 2 }];
  const { site, first } = begin('long', [entry(ada, ['**']), entry(bob, ['**'])], { thresholds });
  site.write('racks/r1.yaml', 'x\n');
  const head = site.commit('a rack', bob);
  const tags = Array.from({ length: 3000 }, (_, index) => {
    const tag = `approve/${head}/${'x'.repeat(200)}${index}`;
    const text = `object ${head}\ntype commit\ntag ${'y'.repeat(1000)}\ntagger A <a> ${begun} +0000\n\nok\n`;
    return { ref: `refs/tags/${tag}`, bytes: Buffer.from(text) };
  });
  const result = await judge(site, first, head, tags);
  assert.is(outcome(result), `threshold-missed at ${head}`);
  assert.ok(!result.ok && result.message.length < 5000, 'thousands of tags');
  const odd = site
    .object(head)
    .toString('latin1')
    .replace('\ngpgsig ', `\n${'gpgsig'.repeat(100_000)} x\ngpgsig `);
  const forged = await judge(site, first, site.store(odd));
  assert.ok(!forged.ok && forged.code === 'bad-header' && forged.message.length < 5000, 'a header without end');
});

test.run();
