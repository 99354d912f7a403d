import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { covers, patternFault } from '../../schema/trust-paths.ts';

const patterns: readonly [pattern: string, path: string, covered: boolean][] = [
  ['**', 'site.yaml', true],
  ['**', 'trust/signers.yaml', true],
  ['site.yaml', 'site.yaml', true],
  ['site.yaml', 'site.yaml.orig', false],
  ['site.yaml', 'a/site.yaml', false],
  ['racks/', 'racks/r0.yaml', true],
  ['racks/', 'racks/deep/er', true],
  ['racks/', 'racks', false],
  ['racks/', 'racks2/r0.yaml', false],
  ['racks', 'racks/r0.yaml', false],
  ['racks/', 'RACKS/r0.yaml', false],
];

for (const [pattern, path, covered] of patterns) {
  test(`${pattern} ${covered ? 'covers' : 'does not cover'} ${path}`, () => {
    assert.is(covers(pattern, path), covered);
  });
}

const odd = ['racks/**', '*.yaml', '/site.yaml', 'racks//r0', '../x', './x', 'a/../b', 'r[0]', '/', 'a\\b', ''];

for (const pattern of odd) {
  test(`${JSON.stringify(pattern)} is no pattern`, () => {
    assert.type(patternFault(pattern), 'string');
  });
}

test('files, folders and everything are patterns', () => {
  for (const pattern of ['**', 'site.yaml', 'racks/', 'ignition/cs/', '.github/workflows/berth.yml', 'a..b']) {
    assert.is(patternFault(pattern), null);
  }
});

test.run();
