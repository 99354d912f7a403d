// Signed commits and tags, changed in places.
import * as assert from 'uvu/assert';

/** Put a signature where Git puts it: behind the last header. */
export function withSignature(signed: Buffer, armor: string): Buffer {
  const end = signed.indexOf('\n\n') + 1;
  const lines = `gpgsig ${armor.trimEnd().replaceAll('\n', '\n ')}\n`;
  return Buffer.concat([signed.subarray(0, end), Buffer.from(lines), signed.subarray(end)]);
}

/** One text in an object replaced by another: it has to be there. */
export function replaced(object: Buffer, from: string, to: string): Buffer {
  const text = object.toString('latin1');
  assert.ok(text.includes(from), from);
  return Buffer.from(
    text.replace(from, () => to),
    'latin1',
  );
}
