// How a scalar is written: plain where nobody can misread that, in quotes elsewhere.
import { Schema } from 'yaml';
import type { ScalarValue } from './layout.ts';

/** What plain scalars are numbers, booleans or null by the core schema (YAML 1.2.2 §10.3). */
const coreTests = testsOf('core');
/** What YAML 1.1 takes for something else than text: `no`, `0644`, `1:30`, a date. Many programs still go by it. */
const oldTests = testsOf('yaml-1.1');

function testsOf(schema: 'core' | 'yaml-1.1'): readonly RegExp[] {
  return new Schema({ schema }).tags.flatMap((tag) => {
    return 'test' in tag && tag.test instanceof RegExp && tag.default !== undefined ? [tag.test] : [];
  });
}

/**
 * Write a scalar: without quotes where nobody takes the text for anything else, and in quotes of the same kind where
 * they are needed.
 * @param inFlow whether it stands in a list or map in flow style, where commas and brackets are no text
 */
export function scalarText({ text, quote }: ScalarValue, inFlow: boolean): string {
  const isText = !coreTests.some((test) => test.test(text));
  // What is bare has been read as what it is; what is in quotes may be so because of other readers.
  if (quote === '' && (!isText || isPlain(text, inFlow))) return text;
  if (isText && isPlain(text, inFlow) && !oldTests.some((test) => test.test(text))) return text;
  const single = quote === "'" && !needsEscape(text);
  return single ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text).replace(unseen, escapeOf);
}

/** Characters that nobody sees, or that look like a space. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\ufffe\uffff]|(?! )\p{Zs}/gu;

function needsEscape(text: string): boolean {
  return text.search(unseen) >= 0;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Plain scalars of one line, YAML 1.2.2 §7.3.3. */
function isPlain(text: string, inFlow: boolean): boolean {
  if (text === '' || text !== text.trim() || needsEscape(text)) return false;
  if (/^[,[\]{}#&*!|>'"%@`]|^[-?:](?![^\s,[\]{}])|^---|^\.\.\./.test(text)) return false;
  if (/:(?!\S)|\s#/.test(text)) return false;
  return !(inFlow && /[,[\]{}]/.test(text));
}
