import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Encode, encodeTexts, parseTemplate, renderTemplate, TemplateError } from '../../renderers/template.ts';
import { randomNumbers } from '../random.ts';

const scope = {
  name: 'r0-04',
  slot: 4,
  on: true,
  off: false,
  empty: '',
  zero: 0,
  item: 'outer',
  none: [],
  ntp: ['10.0.0.1', '10.0.0.2'],
  links: [
    { tor: 'a', addresses: ['1', '2'] },
    { tor: 'b', addresses: ['3'] },
  ],
  deep: { er: { 'with-dash': 'x', under_score: 'y', '0': 'digit' } },
};

function render(text: string, encode: Encode = (value) => value): string {
  return renderTemplate(encodeTexts(parseTemplate(text), encode), scope, encode);
}

const rows: readonly (readonly [name: string, template: string, result: string])[] = [
  ['no tag', 'a { b } c }} d {', 'a { b } c }} d {'],
  ['nothing', '', ''],
  ['a value', 'host {{ name }}!', 'host r0-04!'],
  ['values side by side', '{{name}}{{slot}}', 'r0-044'],
  ['numbers and booleans', '{{ slot }} {{ zero }} {{ on }} {{ off }}', '4 0 true false'],
  ['an empty value', '[{{ empty }}]', '[]'],
  ['white space in a tag', '{{\n\tname\n}}', 'r0-04'],
  ['a path', '{{ deep.er.with-dash }}{{ deep.er.under_score }}{{ deep.er.0 }}', 'xydigit'],
  ['an element by its number', '{{ ntp.1 }} {{ links.0.addresses.1 }}', '10.0.0.2 2'],
  ['a literal', '{{ "{{" }} x {{ "}}" }}', '{{ x }}'],
  ['a literal tag', '{{ "{{ name }}" }}', '{{ name }}'],
  ['an empty literal', 'a{{ "" }}b', 'ab'],
  ['a long literal', `{{ "${'x'.repeat(2000)}" }}`, 'x'.repeat(2000)],
  ['each', '{{ each ntp }}<{{ item }}>{{ end }}', '<10.0.0.1><10.0.0.2>'],
  ['each over nothing', 'a{{ each none }}<{{ item }}>{{ end }}b', 'ab'],
  ['each over records', '{{ each links }}{{ item.tor }};{{ end }}', 'a;b;'],
  ['the scope inside of each', '{{ each ntp }}{{ name }} {{ end }}', 'r0-04 r0-04 '],
  ['item is shadowed inside of each, and only there', '{{ item }}{{ each none }}{{ end }}{{ item }}', 'outerouter'],
  [
    'each inside of each',
    '{{ each links }}{{ item.tor }}:{{ each item.addresses }}{{ item }},{{ end }}{{ item.tor }};{{ end }}{{ item }}',
    'a:1,2,a;b:3,b;outer',
  ],
  [
    'a line with a tag alone leaves no line',
    'a\n{{ each ntp }}\ns {{ item }}\n{{ end }}\nb\n',
    'a\ns 10.0.0.1\ns 10.0.0.2\nb\n',
  ],
  ['an indented one too', 'a\n  {{ each ntp }}\t\n  s {{ item }}\n\t{{ end }} \nb', 'a\n  s 10.0.0.1\n  s 10.0.0.2\nb'],
  ['at the first and the last line', '{{ each ntp }}\n{{ item }}\n{{ end }}', '10.0.0.1\n10.0.0.2\n'],
  [
    'two such lines after each other',
    '{{ each links }}\n{{ each item.addresses }}\n{{ item }}\n{{ end }}\n{{ end }}\n.',
    '1\n2\n3\n.',
  ],
  [
    'with line ends of Windows',
    'a\r\n{{ each ntp }}\r\n{{ item }}\r\n{{ end }}\r\nb',
    'a\r\n10.0.0.1\r\n10.0.0.2\r\nb',
  ],
  [
    'a line with more than the tag stays',
    'a {{ each ntp }}\n{{ item }}\n{{ end }} b\n',
    'a \n10.0.0.1\n\n10.0.0.2\n b\n',
  ],
  ['a line with two tags stays', 'a\n{{ each none }}{{ end }}\nb', 'a\n\nb'],
  ['a line with a value stays', 'a\n{{ empty }}\nb', 'a\n\nb'],
  ['empty lines inside stay', '{{ each ntp }}\n\n{{ end }}\n', '\n\n'],
];

for (const [name, template, result] of rows) test(name, () => assert.is(render(template), result));

const broken: readonly (readonly [template: string, offset: number, message: string])[] = [
  ['a {{ name', 2, 'this {{ has no }}'],
  ['{{ name }', 0, 'this {{ has no }}'],
  ['{{ }}', 0, 'an empty tag is no variable'],
  ['{{}}', 0, 'an empty tag is no variable'],
  ['x{{{ name }}}', 1, '{{ { name }} is not of the template language'],
  ['{{ .name }}', 0, '.name is no variable'],
  ['{{ name. }}', 0, 'name. is no variable'],
  ['{{ a..b }}', 0, 'a..b is no variable'],
  ['{{ 1 }}', 0, '1 is no variable'],
  ['{{ $x }}', 0, '$x is no variable'],
  ['{{ name | upper }}', 0, '{{ name | upper }} is not of the template language'],
  ['{{ if name }}', 0, '{{ if name }} is not of the template language'],
  ['{{ each }}', 0, '{{ each }} is not of the template language'],
  ['{{ each a b }}{{ end }}', 0, '{{ each a b }} is not of the template language'],
  ['{{ each 1 }}{{ end }}', 0, '1 is no variable'],
  ['{{ end each }}', 0, '{{ end each }} is not of the template language'],
  ['ab{{ each ntp }}', 2, 'this each has no end'],
  ['{{ each ntp }}{{ each links }}{{ end }}', 0, 'this each has no end'],
  ['a\n{{ end }}', 2, 'this end has no each before it'],
  ['{{ each ntp }}{{ end }}{{ end }}', 23, 'this end has no each before it'],
  ['{{ "a }}', 0, '"a is no variable'],
  ['{{ "a" b }}', 0, '{{ "a" b }} is not of the template language'],
  ['{{ "a\nb" }}', 0, '{{ "a b" }} is not of the template language'],
  ["{{ 'a' }}", 0, "'a' is no variable"],
  [`{{ ${'x'.repeat(99)}! }}`, 0, `${'x'.repeat(59)}… is no variable`],
];

function failure(action: () => unknown): TemplateError {
  try {
    action();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

for (const [template, offset, message] of broken) {
  test(`no template: ${template.slice(0, 40)}`, () => {
    const error = failure(() => parseTemplate(template));
    assert.equal([error.code, error.offset, error.message, error.variable], ['TEMPLATE', offset, message, null]);
  });
}

const known = 'known are: name, slot, on, off, empty, zero, item, none, ntp, links, deep';
const unfilled: readonly (readonly [template: string, offset: number, variable: string, message: string])[] = [
  ['a {{ nmae }}', 2, 'nmae', `there is no variable nmae; ${known}`],
  ['{{ name }}{{ deep.x }}', 10, 'deep.x', 'deep has no x; known are: er'],
  ['{{ deep.er.x.y }}', 0, 'deep.er.x.y', 'deep.er has no x; known are: 0, with-dash, under_score'],
  ['{{ name.x }}', 0, 'name.x', 'name has no x'],
  ['{{ ntp.2 }}', 0, 'ntp.2', 'ntp has no 2: it is a list of 2'],
  ['{{ ntp.0x1 }}', 0, 'ntp.0x1', 'ntp has no 0x1: it is a list of 2'],
  ['{{ ntp.length }}', 0, 'ntp.length', 'ntp has no length: it is a list of 2'],
  ['{{ toString }}', 0, 'toString', `there is no variable toString; ${known}`],
  ['{{ deep.__proto__ }}', 0, 'deep.__proto__', 'deep has no __proto__; known are: er'],
  ['{{ ntp }}', 0, 'ntp', 'ntp is a list, not a single value'],
  ['{{ deep }}', 0, 'deep', 'deep is a record, not a single value'],
  ['{{ each name }}{{ end }}', 0, 'name', 'name is a single value, not a list'],
  ['{{ each deep }}{{ end }}', 0, 'deep', 'deep is a record, not a list'],
  ['{{ each ntp }}\n  {{ item.x }}\n{{ end }}', 17, 'item.x', 'item has no x'],
];

for (const [template, offset, variable, message] of unfilled) {
  test(`cannot be filled in: ${template}`, () => {
    const error = failure(() => render(template));
    assert.equal([error.offset, error.variable, error.message], [offset, variable, message]);
  });
}

test('a scope that is empty', () => {
  const error = failure(() => renderTemplate(parseTemplate('{{ x }}'), {}, (text) => text));
  assert.is(error.message, 'there is no variable x, nor anything else');
});

test('texts and values are encoded, each once', () => {
  const encode: Encode = (text) => text.replaceAll(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`);
  const template = encodeTexts(parseTemplate('<{{ each v }}&{{ item }}{{ end }}{{ "<" }}>'), encode);
  assert.is(renderTemplate(template, { v: ['<', '&'] }, encode), '&#60;&#38;&#60;&#38;&#38;&#60;&#62;');
});

test('text that holds no tag comes out as it went in', () => {
  const random = randomNumbers(6);
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: random.below(40) }, () => random.pick([...'ab{} \n\t"}\u{1f600}é'])).join('');
    if (!text.includes('{{')) assert.is(render(text), text);
    const literal = text.replaceAll(/["\n]/g, '');
    assert.is(render(`{{ "${literal}" }}`), literal);
  }
});

test('a template of a million characters on one line', () => {
  const text = `${'{{ each none }}x{{ end }}'.repeat(20_000)}${' '.repeat(500_000)}`;
  assert.is(render(text), ' '.repeat(500_000));
});

test.run();
