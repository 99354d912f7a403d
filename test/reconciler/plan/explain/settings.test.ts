// Who says a setting, held against what is in effect: the two are worked out apart, and never differ.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sayingsOf } from '../../../../reconciler/plan/explain/settings.ts';
import { parseDocument, type SiteDocumentFile } from '../../../../schema/document.ts';
import { type Layer, type Settings, settingsInEffect, taintKey } from '../../../../schema/settings.ts';
import { type RandomNumbers, randomNumbers } from '../../../random.ts';

const names = ['a', 'b', 'c'];
const texts = ['1', '2', '3', '4'];

function randomSettings(random: RandomNumbers): Settings {
  const some = <T>(make: () => T): T[] => Array.from({ length: random.below(4) }, make);
  const map = (): Record<string, string> => Object.fromEntries(some(() => [random.pick(names), random.pick(texts)]));
  const all: Required<Settings> = {
    os: random.pick(texts),
    arguments: some(() => random.pick(texts)),
    labels: map(),
    taints: some(() => `${random.pick(names)}=${random.pick(texts)}:${random.pick(['NoSchedule', 'NoExecute'])}`),
    variables: map(),
  };
  return Object.fromEntries(Object.entries(all).filter(() => random.below(3) > 0)) as Settings;
}

/** A layer that is a document of its own; JSON is YAML, too. */
function layerOf(settings: Settings, rank: number): Layer {
  const { document } = parseDocument(`layer-${rank}.yaml`, Buffer.from(JSON.stringify(settings)));
  return { document: document as SiteDocumentFile<unknown>, path: [], settings };
}

test('the first of those who say a setting is the one in effect, and nobody is left out', () => {
  let overridden = 0;
  for (let seed = 0; seed < 500; seed++) {
    const random = randomNumbers(seed);
    const layers = Array.from({ length: 3 }, (_, rank) => layerOf(randomSettings(random), rank));
    const effective = settingsInEffect(layers);
    const check = (setting: keyof Settings, name: string, value: unknown): void => {
      const sayings = sayingsOf(layers, setting, name);
      assert.is(sayings[0]?.value, value, `${setting} ${name}, seed ${seed}`);
      const places = sayings.map((saying) => saying.place());
      assert.is(new Set(places.map(({ file, column }) => `${file}:${column}`)).size, sayings.length);
      const fromTop = [...places].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
      assert.equal(
        places.map(({ file }) => file),
        (setting === 'arguments' ? fromTop.reverse() : fromTop).map(({ file }) => file),
      );
      overridden += sayings.length - 1;
    };
    if (effective.os !== null) check('os', '', effective.os);
    for (const [name, value] of Object.entries(effective.labels)) check('labels', name, value);
    for (const [name, value] of Object.entries(effective.variables)) check('variables', name, value);
    for (const taint of effective.taints) check('taints', taintKey(taint), taint);
    for (const text of effective.arguments) check('arguments', text, text);
  }
  assert.ok(overridden > 1000, `${overridden} were overridden`);
});

test('what nobody says is said by nobody', () => {
  const layers = [layerOf({ labels: { a: '1' } }, 0)];
  assert.equal(sayingsOf(layers, 'os'), []);
  assert.equal(sayingsOf(layers, 'labels', 'b'), []);
  assert.equal(sayingsOf(layers, 'labels', 'toString'), []);
  assert.equal(sayingsOf(layers, 'taints', 'a:NoSchedule'), []);
});

test.run();
