// Sealing and opening, against the real age and ssh-keygen, in both directions.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AgeIdentity, parseIdentities } from '../../../reconciler/secrets/identity.ts';
import { open, SealError, seal } from '../../../reconciler/secrets/seal.ts';
import { parseAgeHeader } from '../../../schema/age-header.ts';
import { misfit, parseAgeRecipient } from '../../../schema/age-recipient.ts';
import { skip } from '../../skip.ts';
import { AgeFixture, type AgeKey, hasAge } from './age.ts';

const fixture = new AgeFixture();
test.after(() => fixture.remove());

const identityOf = ({ file }: AgeKey): readonly AgeIdentity[] => parseIdentities(readFileSync(file, 'utf8'));
const recipientsOf = (keys: readonly AgeKey[]) => keys.map(({ publicKey }) => parseAgeRecipient(publicKey));

async function codeOf(opening: Promise<unknown>): Promise<string> {
  try {
    await opening;
    return 'opened';
  } catch (error) {
    assert.instance(error, SealError);
    return (error as SealError).code;
  }
}

if (!hasAge) skip(test, 'sealing and opening', 'no age (Debian package age)');
else {
  const [ada, grace] = [fixture.sshKey('ada'), fixture.sshKey('grace')];
  const [servers, spare] = [fixture.ageKey('servers'), fixture.ageKey('spare')];
  const stranger = [fixture.sshKey('stranger'), fixture.ageKey('stranger-age')];
  const lists: readonly (readonly [string, readonly AgeKey[]])[] = [
    ['an age key', [servers]],
    ['an SSH key', [ada]],
    ['all of four keys', [servers, ada, spare, grace]],
  ];
  /** Nothing, a little, one chunk exactly, and a byte more than two. */
  const contents = [0, 20, 65_536, 131_073].map((size) => randomBytes(size));

  for (const [name, keys] of lists) {
    test(`what berth seals to ${name} is opened by age and by berth, with each of them`, async () => {
      for (const [index, content] of contents.entries()) {
        const sealed = await seal(content, recipientsOf(keys), index % 2 === 0);
        assert.is(misfit(parseAgeHeader(sealed), recipientsOf(keys)), null);
        for (const key of keys) {
          assert.ok(fixture.open(sealed, key).equals(content), key.file);
          assert.ok(content.equals(await open(sealed, identityOf(key))), key.file);
        }
        for (const key of stranger) assert.is(await codeOf(open(sealed, identityOf(key))), 'no-identity');
      }
    });

    test(`what age seals to ${name} is opened by berth, with each of them`, async () => {
      for (const options of [[], ['--armor']]) {
        for (const content of contents) {
          const sealed = fixture.seal(content, keys, ...options);
          const header = parseAgeHeader(sealed);
          assert.is(header.armored, options.length > 0);
          assert.is(header.stanzas.length, keys.length);
          assert.is(misfit(header, recipientsOf(keys)), null);
          for (const key of keys) assert.ok(content.equals(await open(sealed, identityOf(key))), key.file);
          for (const key of stranger) assert.is(await codeOf(open(sealed, identityOf(key))), 'no-identity');
        }
      }
    });
  }

  test('no byte of a sealed file can be changed unnoticed, nor taken away', async () => {
    const sealed = await seal(Buffer.from('hunter2'), recipientsOf([servers, ada]), false);
    const identities = [...identityOf(ada), ...identityOf(servers)];
    for (let at = 0; at < sealed.length; at++) {
      const altered = Uint8Array.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      assert.not.equal(await codeOf(open(altered, identities)), 'opened', `byte ${at}`);
      assert.is(await codeOf(open(sealed.subarray(0, at), identities)), 'damaged', `cut at ${at}`);
    }
    assert.is(await codeOf(open(sealed, identities)), 'opened');
  });

  test('whom a file is sealed to, held against a list', () => {
    const list = recipientsOf([servers, ada, grace]);
    const against = (...keys: readonly AgeKey[]) => misfit(parseAgeHeader(fixture.seal('x', keys)), list)?.message;
    assert.is(against(grace, servers, ada), undefined);
    assert.is(against(servers, ada), 'is not sealed to 1 of the 3 recipients');
    assert.is(against(servers, ada, grace, spare), 'is sealed to 1 key that is none');
    assert.is(
      against(ada, stranger[0] ?? ada),
      'is not sealed to 2 of the 3 recipients and is sealed to 1 key that is none',
    );
    // Of one age key and another, nothing in the file tells which it is.
    assert.is(against(grace, spare, ada), undefined);
    const rsa = fixture.sshKey('rsa', '', '-t', 'rsa', '-b', '2048');
    assert.match(against(servers, ada, grace, rsa) ?? '', /^is sealed to a key of type ssh-rsa too/);
  });
}

test.run();
