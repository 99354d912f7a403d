import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  byteLength,
  cutBytes,
  cutMarkdown,
  fenced,
  htmlText,
  markdownText,
} from '../../../../reconciler/source/github/markdown.ts';

for (const [text, maxBytes, cut] of [
  ['abc', 3, 'abc'],
  ['abc', 2, 'ab'],
  ['é', 1, ''],
  ['aé', 2, 'a'],
  ['aé', 3, 'aé'],
  ['🚀🚀', 7, '🚀'],
  ['🚀', 3, ''],
  ['試験', 5, '試'],
  ['', 0, ''],
] as const) {
  test(`cutBytes: ${JSON.stringify(text)} at ${maxBytes}`, () => assert.is(cutBytes(text, maxBytes), cut));
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`).join('\n');

for (const [name, text, maxBytes, cut] of [
  ['what fits stays', 'a\nb', 3, 'a\nb'],
  ['between two lines', lines(10, 20), 28, 'line 10\nline 11\n\nNOTE'],
  ['up to the last byte', lines(10, 20), 29, 'line 10\nline 11\nline 12\n\nNOTE'],
  ['a fence is closed', `\`\`\`text\n${lines(10, 20)}\n\`\`\``, 40, '```text\nline 10\nline 11\n```\n\nNOTE'],
  ['a longer fence is closed', `\`\`\`\`\n\`\`\`\n${lines(10, 20)}\n\`\`\`\``, 34, '````\n```\nline 10\n````\n\nNOTE'],
  ['a closed fence is not', `~~~\nx\n~~~\n${lines(10, 20)}`, 30, '~~~\nx\n~~~\nline 10\n\nNOTE'],
  ['details are closed', `<details>\n${lines(10, 20)}\n</details>`, 42, '<details>\nline 10\n\n</details>\n\nNOTE'],
  [
    'a fence in details',
    `<details>\n\n\`\`\`\n${lines(10, 20)}\n\`\`\`\n\n</details>`,
    51,
    '<details>\n\n```\nline 10\n```\n\n</details>\n\nNOTE',
  ],
  [
    'details in a fence are text',
    `\`\`\`\n<details>\n${lines(10, 20)}\n\`\`\``,
    38,
    '```\n<details>\nline 10\n```\n\nNOTE',
  ],
  ['one line that is too long', 'x'.repeat(100), 20, `${'x'.repeat(14)}\n\nNOTE`],
] as const) {
  test(`cutMarkdown: ${name}`, () => {
    assert.is(cutMarkdown(text, maxBytes, 'NOTE'), cut);
    assert.ok(byteLength(cut) <= maxBytes);
  });
}

test('cutMarkdown: every cut fits', () => {
  const text = `# é\n<details>\n\n\`\`\`text\n${'試験 of a line\n'.repeat(20)}\`\`\`\n\n</details>\n${'end\n'.repeat(20)}`;
  for (let maxBytes = 10; maxBytes < byteLength(text); maxBytes++) {
    const cut = cutMarkdown(text, maxBytes, 'NOTE');
    assert.ok(byteLength(cut) <= maxBytes, String(maxBytes));
    assert.ok(cut.endsWith('\n\nNOTE'));
    assert.is((cut.match(/^```/gm)?.length ?? 0) % 2, 0, String(maxBytes));
    assert.is(cut.match(/<details>/g)?.length, cut.match(/<\/details>/g)?.length, String(maxBytes));
  }
});

test('fenced: the fence is longer than any in the text', () => {
  assert.is(fenced('a\n'), '```text\na\n```');
  assert.is(fenced('a ````` b', 'yaml'), '``````yaml\na ````` b\n``````');
});

test('fenced: a text of very many backticks', () => {
  assert.ok(fenced('``` '.repeat(300_000)).startsWith('````text\n'));
});

test('markdownText: no links, no mathematics', () => {
  assert.is(
    markdownText('see https://x.example, www.x.example: $x$'),
    'see https\\://x.example, www\\.x.example: \\$x\\$',
  );
});

test('markdownText: nothing of it is Markdown', () => {
  assert.is(markdownText('a *b* `c` <d>\n@ada #1 | x'), 'a \\*b\\* \\`c\\` \\<d\\> @\u200bada #\u200b1 \\| x');
});

for (const [text, expected] of [
  ['r0-04, one of 24', 'r0-04, one of 24'],
  ['</summary><img src="x">', '&#60;/summary&#62;&#60;img src=&#34;x&#34;&#62;'],
  ['a & b', 'a &#38; b'],
  ['@everyone #1', '@\u200beveryone #\u200b1'],
  ['&#64;ada', '&#38;#\u200b64;ada'],
  ['two\n\nlines', 'two lines'],
] as const) {
  test(`htmlText: ${JSON.stringify(text)}`, () => assert.is(htmlText(text), expected));
}

test.run();
