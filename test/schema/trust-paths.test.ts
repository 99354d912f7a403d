import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pathPattern, patternFault } from '../../schema/trust-paths.ts';

const patterns: readonly [pattern: string, path: string, covered: boolean][] = [
  ['**', 'site.yaml', true],
  ['**', 'trust/signers.yaml', true],
  ['site.yaml', 'site.yaml', true],
  ['site.yaml', 'site.yaml.orig', false],
  ['site.yaml', 'siteXyaml', false],
  ['site.yaml', 'a/site.yaml', false],
  ['site.yaml', 'site.yaml\n', false],
  ['site.yaml', 'site.yaml/x', false],
  ['racks/', 'racks/r0.yaml', true],
  ['racks/', 'racks/deep/er', true],
  ['racks/', 'racks', false],
  ['racks/', 'racks2/r0.yaml', false],
  ['racks', 'racks/r0.yaml', false],
  ['racks/', 'RACKS/r0.yaml', false],
  ['racks/', 'x/racks/r0.yaml', false],
  ['racks/r1*.yaml', 'racks/r1.yaml', true],
  ['racks/r1*.yaml', 'racks/r10.yaml', true],
  ['racks/r1*.yaml', 'racks/r1\n.yaml', true],
  ['racks/r1*.yaml', 'racks/r1\u2028.yaml', true],
  ['racks/r1*.yaml', 'racks/r2.yaml', false],
  ['racks/r1*.yaml', 'racks/r1/x.yaml', false],
  ['racks/r1*.yaml', 'racks/r10.yaml.orig', false],
  ['racks/r1*.yaml', 'racks/r10.yaml\n', false],
  ['racks/r1*.yaml', 'racks/r10xyaml', false],
  ['racks/r1*.yaml', '\nracks/r10.yaml', false],
  ['roles/*/x', 'roles/ss/x', true],
  ['roles/*/x', 'roles/x', false],
  ['roles/*/x', 'roles/a/b/x', false],
  ['*', 'site.yaml', true],
  ['*', '.gitattributes', true],
  ['*', 'racks/r0.yaml', false],
  ['*.yaml', '.yaml', true],
  ['*/', 'racks/r0.yaml', true],
  ['*/', 'racks/deep/er', true],
  ['*/', 'site.yaml', false],
  ['ignition/c*/', 'ignition/cs/units/a.service', true],
  ['ignition/c*/', 'ignition/ss/units/a.service', false],
  ['ignition/c*/', 'ignition/cs', false],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a*bc*bcd', 'abcd', false],
  ['a*bc*bcd', 'abcbcd', true],
  ['*a*a*', 'aa', true],
  ['*a*a*', 'a', false],
  ['constructor*', 'constructor', true],
  ['$&*', '$&x', true],
  ['(a|b)*', 'a', false],
  ['a.c*', 'abc', false],
  ['ä*', 'äb', true],
  ['ä*', 'a\u0308b', false],
];

for (const [pattern, path, covered] of patterns) {
  test(`${pattern} ${covered ? 'covers' : 'does not cover'} ${JSON.stringify(path)}`, () => {
    assert.is(pathPattern(pattern).covers(path), covered);
  });
}

test('a name that is made to be slow is matched at once', () => {
  const pattern = pathPattern(`${'*a'.repeat(200)}*b`);
  assert.not(pattern.covers('a'.repeat(100_000)));
  assert.ok(pattern.covers(`${'a'.repeat(100_000)}b`));
});

const odd: readonly [text: string, says: RegExp][] = [
  ['racks/**', /^\*\* stands alone/],
  ['**/x', /^\*\* stands alone/],
  ['***', /^\*\* stands alone/],
  ['r**', /^\*\* stands alone/],
  ['r?.yaml', /no wildcards but \*/],
  ['r[0]', /no wildcards but \*/],
  ['{a,b}', /no wildcards but \*/],
  ['a\\b', /no wildcards but \*/],
  ['a\nb', /control characters/],
  ['a\0', /control characters/],
  ['/site.yaml', /never covers a file/],
  ['racks//r0', /never covers a file/],
  ['racks//', /never covers a file/],
  ['../x', /never covers a file/],
  ['./x', /never covers a file/],
  ['.', /never covers a file/],
  ['..', /never covers a file/],
  ['a/..', /never covers a file/],
  ['a/../b', /never covers a file/],
  ['/', /never covers a file/],
  ['', /never covers a file/],
];

for (const [text, says] of odd) {
  test(`${JSON.stringify(text)} is no pattern`, () => {
    assert.match(patternFault(text) ?? '', says);
    assert.throws(() => pathPattern(text), RangeError);
  });
}

test('files, folders, everything, and names with a * are patterns', () => {
  for (const pattern of ['**', '*', 'site.yaml', 'racks/', 'a/*/c*/', '.github/workflows/berth.yml', 'a..b', '...']) {
    assert.is(patternFault(pattern), null);
  }
});

test.run();
