// Text → YAML nodes → plain data, and whatever in it is not strict. Faults stand at offsets into the text.
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
  type Node as YamlNode,
} from 'yaml';

export interface YamlFault {
  readonly rule: 'BERTH-001' | 'BERTH-002' | 'BERTH-003';
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

export interface YamlText {
  /** One for each document of the text; null where it holds no value. */
  readonly roots: readonly (ParsedNode | null)[];
  readonly lines: LineCounter;
  readonly faults: readonly YamlFault[];
}

/** Far deeper than any schema goes, and far from where recursion runs out of stack. */
const maxDepth = 64;

/** What YAML does not allow (1.2.2 §5.1), what the library takes for marks of its own, and what reorders text. */
const unseen = /(?![\t\n\r])\p{Cc}|\r(?!\n)|\p{Bidi_Control}|[\ufeff\ufffe\uffff]/u;

/**
 * Read YAML 1.2 with the core schema.
 * @param many whether there may be more documents than one
 */
export function parseYaml(text: string, many = false): YamlText {
  const lines = linesOf(text);
  const hidden = unseen.exec(text);
  if (hidden) {
    const code = `U+${hidden[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    const hint = 'remove it; text in double quotes may have it as an escape';
    return { roots: [], lines, faults: [refusal(hidden.index, `the character ${code}`, hint)] };
  }
  const faults: YamlFault[] = [];
  // The library's own check for duplicate keys is quadratic; StrictReader does it in one pass.
  const composer = new Composer({ version: '1.2', merge: false, uniqueKeys: false, logLevel: 'silent' });
  const documents = [...composer.compose(parseTokens(text, faults), true, text.length)] as Document.Parsed[];
  if (faults.length === 0) faults.push(...syntaxFault(documents));
  const second = documents[1];
  if (faults.length === 0 && second && !many) {
    faults.push(refusal(second.range[0], 'a second YAML document', 'put it into a file of its own'));
  }
  return { roots: documents.map(({ contents }) => contents), lines, faults };
}

/** The library's parser counts lines, too, but not in what it cannot parse. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  return lines;
}

/** The first error in the text, if there is one: the others mostly follow from it. */
function syntaxFault(documents: readonly Document.Parsed[]): readonly YamlFault[] {
  const errors = documents.flatMap((document) => document.errors);
  const [first, ...others] = errors;
  if (!first) return [];
  const { code, message, pos } = others.reduce((least, error) => (error.pos[0] < least.pos[0] ? error : least), first);
  const hint = code === 'TAB_AS_INDENT' ? { hint: 'indent with spaces' } : {};
  return [{ rule: 'BERTH-001', offset: pos[0], message: message.replace(/\s+/g, ' '), ...hint }];
}

/** The tokens of a text; what can be judged only while they are read is noted, and then reading may end early. */
function* parseTokens(text: string, faults: YamlFault[]): Generator<CST.Token> {
  const parser = new Parser();
  const scalarFollows = '\x1f';
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    const quote = before === scalarFollows ? undefined : /^["']/.exec(lexeme)?.[0];
    if (quote !== undefined && (lexeme.length === 1 || !lexeme.endsWith(quote))) {
      const message = `the text that this ${quote} opens has no end`;
      faults.push({ rule: 'BERTH-001', offset: parser.offset, message, hint: `close it with another ${quote}` });
    }
    for (const token of parser.next(lexeme)) {
      if (token.type === 'directive') faults.push(refusal(token.offset, 'a directive', 'remove the line'));
      yield token;
    }
    if (parser.stack.length > maxDepth) {
      faults.push(refusal(parser.offset, 'a nesting as deep as this', 'nest less'));
      return;
    }
    before = lexeme;
  }
  yield* parser.end();
}

/** The plain data that a node stands for, and whatever in it does not mean what it shows. */
export function readStrict(root: YamlNode | null): { readonly value: unknown; readonly faults: readonly YamlFault[] } {
  const reader = new StrictReader();
  return { value: reader.value(root), faults: reader.faults };
}

/**
 * Text by YAML 1.2 that YAML 1.1 (https://yaml.org/type/) reads as something else: Kubernetes' own reader and many tools
 * do so. Numbers of base 60 are what times of day and some MAC addresses look like.
 */
const misread: readonly (readonly [RegExp, 'a boolean' | 'a number'])[] = [
  [/^(y|n|yes|no|on|off)$/i, 'a boolean'],
  [/^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/, 'a number'],
  [/^[-+]?0b[01_]+$/, 'a number'],
  [/^[-+]?[0-9]+(_[0-9]+)+$/, 'a number'],
];

function hintFor(meaning: 'a boolean' | 'a number'): string {
  return meaning === 'a boolean' ? 'write true or false, or put it into quotes if it is text' : 'put it into quotes';
}

class StrictReader {
  readonly faults: YamlFault[] = [];

  value(node: YamlNode | null): unknown {
    if (node === null) return null;
    if (isAlias(node)) {
      this.refuse(node, `the alias *${node.source}`, 'write the value out');
      return null;
    }
    this.properties(node);
    if (isScalar(node)) return this.scalar(node);
    if (isSeq(node)) return node.items.map((item) => this.value(item as YamlNode | null));
    return isMap(node) ? this.map(node) : null;
  }

  private properties(node: Scalar | YAMLMap | YAMLSeq): void {
    if (node.tag !== undefined) this.refuse(node, `the tag ${node.tag}`, 'write the value without a tag');
    if (node.anchor !== undefined) {
      this.refuse(node, `the anchor &${node.anchor}`, 'write the value out where it is needed');
    }
  }

  private scalar(node: Scalar): unknown {
    const { value, source = '', type } = node;
    if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) {
      this.refuse(node, 'half of a surrogate pair', 'write the character itself, or \\U and its eight digits');
    }
    // 010, 0x1F, 1e3, 1.0, 12E4567 and whole numbers past 2^53: the number is not what a reader sees.
    if (typeof value === 'number' && (source !== String(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
      const what = `the number ${source}, which reads as ${value},`;
      this.refuse(node, what, 'write it in plain decimal digits, or put it into quotes if it is text');
    }
    if (typeof value === 'string' && type === 'PLAIN') {
      const meaning = misread.find(([pattern]) => pattern.test(value))?.[1];
      if (meaning !== undefined) {
        this.refuse(node, `the bare ${value}, which older readers of YAML take for ${meaning},`, hintFor(meaning));
      }
    }
    return value;
  }

  private map(node: YAMLMap): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const keyNode = key as YamlNode;
      if (!isScalar(keyNode) || typeof keyNode.value !== 'string') {
        const what = isScalar(keyNode) ? `the key ${keyNode.value}, which is no text,` : 'a key that is no text';
        this.refuse(keyNode, what, 'put the key into quotes');
        continue;
      }
      this.properties(keyNode);
      this.scalar(keyNode);
      const name = keyNode.value;
      if (name === '<<' || name === '__proto__') this.refuse(keyNode, `the key ${name}`, 'write the keys out');
      else if (seen.has(name)) {
        const message = `the key ${name} stands twice in this map`;
        this.faults.push({ rule: 'BERTH-002', offset: offsetOf(keyNode), message, hint: 'remove one of the two' });
      } else result[name] = this.value(value as YamlNode | null);
      seen.add(name);
    }
    return result;
  }

  private refuse(node: YamlNode, what: string, hint: string): void {
    this.faults.push(refusal(offsetOf(node), what, hint));
  }
}

function offsetOf(node: YamlNode): number {
  return node.range?.[0] ?? 0;
}

function refusal(offset: number, what: string, hint: string): YamlFault {
  return { rule: 'BERTH-003', offset, message: `${what} is not allowed in a site repo`, hint };
}
