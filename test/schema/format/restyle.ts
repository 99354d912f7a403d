// The same values in another hand: any style that YAML allows, with comments and blank lines anywhere.
import type { RandomNumbers } from '../../random.ts';

export interface Restyled {
  readonly text: string;
  readonly comments: readonly string[];
}

/** Write values as YAML documents, as random as they come; keys of maps change places. */
export function restyled(values: readonly unknown[], random: RandomNumbers): Restyled {
  const hand = new Hand(random);
  const text = values.map((value) => hand.document(value)).join('---\n');
  const lineBreak = random.pick(['\n', '\r\n']);
  const start = random.pick(['', '', '\ufeff']);
  return { text: start + text.replaceAll('\n', lineBreak), comments: hand.comments };
}

class Hand {
  readonly comments: string[] = [];
  /** Below a block of text, an empty line or a comment that is indented is text. */
  private belowText = false;

  constructor(private readonly random: RandomNumbers) {}

  document(value: unknown): string {
    const lines = [...this.between(0), ...this.block(value, this.random.pick([0, 0, 0, 1])), ...this.between(0)];
    return lines.map((line) => `${line}\n`).join('');
  }

  /** A collection with members, each on lines of its own. */
  private block(value: unknown, indent: number): string[] {
    const entries: (readonly [string | null, unknown])[] = Array.isArray(value)
      ? value.map((item) => [null, item as unknown])
      : this.random.shuffled(Object.entries(value as object));
    return entries.flatMap(([key, member], index) => {
      const above = index === 0 ? [] : this.between(indent);
      return [...above, ...this.entry(key, member, indent)];
    });
  }

  private entry(key: string | null, member: unknown, indent: number): string[] {
    this.belowText = false;
    const head = ' '.repeat(indent) + (key === null ? '-' : `${this.text(key)}:`);
    const full = typeof member === 'object' && member !== null && Object.keys(member).length > 0;
    if (full && this.chance(2)) {
      // A list may stand as far left as the key above it.
      const deeper = Array.isArray(member) && key !== null && this.chance(3) ? 0 : 1 + this.random.below(4);
      const inner = this.block(member, indent + deeper);
      const first = inner[0] ?? '';
      if (key === null && deeper > 1 && !first.trimStart().startsWith('#') && this.chance(2)) {
        return [head + first.slice(indent + 1), ...inner.slice(1)];
      }
      return [`${head}${this.trailing()}`, ...this.between(indent + deeper), ...inner];
    }
    if (typeof member === 'string' && member.includes('\n') && /^[^\n ]/.test(member) && this.chance(2)) {
      return this.literal(head, member, indent + 1 + this.random.below(4));
    }
    return `${head} ${this.inline(member, ' '.repeat(indent + 1))}${this.trailing()}`.split('\n');
  }

  private literal(head: string, text: string, indent: number): string[] {
    const chomping = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
    const lines = text.replace(/\n$/, '').split('\n');
    this.belowText = true;
    const padded = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
    return [`${head} |${chomping}${this.trailing()}`, ...padded];
  }

  /** A value in one of the flow styles; its lines after the first begin with `margin`. */
  private inline(value: unknown, margin: string): string {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return String(value);
    const members = Array.isArray(value)
      ? value.map((item) => this.inline(item, `${margin} `))
      : this.random
          .shuffled(Object.entries(value))
          .map(([key, item]) => `${this.text(key)}: ${this.inline(item, `${margin} `)}`);
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    if (members.length === 0) return open + close;
    const pad = this.random.pick(['', ' ', '  ']);
    const broken = this.chance(3);
    const gap = (): string => (broken ? `${this.chance(3) ? this.trailing() : ''}\n${margin}` : pad);
    let text = open + gap();
    for (const [index, member] of members.entries()) {
      const last = index === members.length - 1;
      text += member + (!last || this.chance(3) ? ',' : '') + (gap() || (last ? '' : ' '));
    }
    return text + close;
  }

  private text(text: string): string {
    const plain =
      /^[A-Za-z/][\w./@ -]*$/.test(text) &&
      text === text.trim() &&
      !/^(true|false|null|y|n|yes|no|on|off)$/i.test(text);
    const double = JSON.stringify(text).replace(/[\p{Cc}\u2028]/gu, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
    const single = /\p{Cc}/u.test(text) ? double : `'${text.replaceAll("'", "''")}'`;
    return this.random.pick(plain ? [text, text, double, single] : [double, single]);
  }

  /** Lines between two entries. */
  private between(indent: number): string[] {
    const deepest = this.belowText ? 0 : indent + 2;
    return Array.from({ length: this.chance(3) ? this.random.below(4) : 0 }, () => {
      if (this.chance(2) && !this.belowText) return this.random.pick(['', '  ']);
      return ' '.repeat(Math.min(deepest, this.random.pick([0, indent, indent, indent + 2]))) + this.comment();
    });
  }

  private trailing(): string {
    return this.chance(8) ? `${this.random.pick([' ', '   '])}${this.comment()}` : '';
  }

  private comment(): string {
    const text = `#${this.random.pick([' ', '', '  '])}${this.random.pick(['why: it is', "don't", '- a', '{{ x }}'])} ${this.comments.length}`;
    this.comments.push(text);
    return text + this.random.pick(['', ' ']);
  }

  private chance(oneIn: number): boolean {
    return this.random.below(oneIn) === 0;
  }
}
