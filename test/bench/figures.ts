// What a measurement gives: a table of figures, each with its unit, for people and as JSON.

/** `s/GB` is seconds of CPU for a gigabyte; kB, MB and GB are powers of ten. */
export type Unit = 's' | '1/s' | '%' | 'kB' | 'MB' | 'GB/s' | 's/GB' | '';

export interface Row {
  readonly label: string;
  readonly unit: Unit;
  /** One for each column. */
  readonly values: readonly number[];
  /** What the last of them is not to exceed, where something is promised. */
  readonly target?: number;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** What to know when reading the figures. */
  readonly notes: readonly string[];
}

/** The table as lines of text. */
export function tableText({ title, columns, rows, notes }: Table): string {
  const promises = rows.some(({ target }) => target !== undefined);
  const cells = rows.map(({ label, unit, values, target }) => {
    const promise = target === undefined ? '' : `≤ ${cell(target, unit)}`;
    return [label, ...values.map((value) => cell(value, unit)), ...(promises ? [promise] : [])];
  });
  const grid = [['', ...columns, ...(promises ? ['target'] : [])], ...cells];
  const widths = grid[0]?.map((_, column) => Math.max(...grid.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = grid.map((row) => {
    const [label = '', ...values] = row.map((text, column) => pad(text, widths[column] ?? 0, column === 0));
    return `  ${[label, ...values].join('   ')}`.trimEnd();
  });
  return [title, ...lines, ...notes.map((note) => `  ${note}`)].join('\n');
}

/** The middle one of several values. @throws {RangeError} of none */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new RangeError('nothing was measured');
  return middle;
}

/** Seconds are shown as people say them. */
function cell(value: number, unit: Unit): string {
  if (unit === 's' && value < 0.001) return `${formatNumber(value * 1e6)} µs`;
  if (unit === 's' && value < 1) return `${formatNumber(value * 1e3)} ms`;
  return `${formatNumber(value)} ${unit}`.trimEnd();
}

/** Three digits that count, and no more: the next one differs from run to run. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function pad(text: string, width: number, left: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width);
}
