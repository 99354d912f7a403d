// Sealed files in the blueprint: their digests, so that a change of one is a generation of its own.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../renderers/compile.ts';
import { sha256 } from '../../schema/canonical.ts';
import { decodeObject } from '../../schema/state/blueprint-object.ts';
import { type Change, changed, example, siteOf } from '../schema/example-site.ts';
import { ageStanza, sealedFile } from '../schema/sealed-file.ts';

const recipients: Change = [
  'trust/recipients.yaml',
  '',
  'recipients: [{ name: s, key: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p, servers: true }]\n',
];
const [old, now] = [sealedFile([ageStanza]), sealedFile([ageStanza], 61)];

function compiled(...changes: readonly Change[]) {
  const { blueprint, objects } = compile(siteOf(changed(example, ...changes)));
  if (!blueprint) throw new Error('the site does not compile');
  return { blueprint, objects };
}

test('a site without secrets says nothing of them, whoever could open them', () => {
  const { blueprint } = compiled();
  assert.not('secrets' in blueprint.site);
  assert.is(compiled(recipients).blueprint.root, blueprint.root);
});

test('paths and digests of the sealed files, in the order of their paths, and none of their bytes', () => {
  const changes: readonly Change[] = [recipients, ['secrets/z.age', '', old], ['secrets/a/b.age', '', now]];
  const { blueprint, objects } = compiled(...changes);
  assert.equal(blueprint.site.secrets, [
    { path: 'secrets/a/b.age', digest: sha256(now) },
    { path: 'secrets/z.age', digest: sha256(old) },
  ]);
  const text = objects.get(blueprint.root) ?? '';
  assert.equal(decodeObject(blueprint.root, text), blueprint.site);
  for (const object of objects.values()) assert.not.match(object, /age-encryption|X25519/);
});

test('a secret that changes makes another root, and no other object', () => {
  const before = compiled(recipients, ['secrets/z.age', '', old]);
  const after = compiled(recipients, ['secrets/z.age', '', now]);
  const fresh = [...after.objects.keys()].filter((digest) => !before.objects.has(digest));
  assert.equal(fresh, [after.blueprint.root]);
});

test.run();
