// What a terminal gets beyond plain text: colours, and a line on stderr that tells how long work is getting on.
import { ansi, type Palette, plain } from '../../schema/report/palette.ts';
import { printable } from '../../schema/report/printable.ts';

/** A stream that may be a terminal, as `process.stdout` is. */
export interface Screen {
  readonly isTTY?: boolean;
  /** Width in characters, of a terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The palette for what is written to a stream. Colours are on when it is a terminal that knows them and NO_COLOR
 * (https://no-color.org) is empty or not set; FORCE_COLOR has the last word, `0` for off and anything else for on.
 */
export function colours(stream: Pick<Screen, 'isTTY'>, environment: Environment = process.env): Palette {
  return coloured(stream, environment) ? ansi : plain;
}

function coloured({ isTTY = false }: Pick<Screen, 'isTTY'>, { FORCE_COLOR, NO_COLOR, TERM }: Environment): boolean {
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY && !NO_COLOR && TERM !== 'dumb';
}

/**
 * What `--color` and `--no-color` stand for: the variables, so that whatever reads them obeys, child processes too.
 * @param wanted undefined where neither was given
 */
export function chooseColour(wanted: boolean | undefined, environment: NodeJS.ProcessEnv = process.env): void {
  if (wanted === undefined) return;
  delete environment.FORCE_COLOR;
  delete environment.NO_COLOR;
  if (wanted) environment.FORCE_COLOR = '1';
  else environment.NO_COLOR = '1';
}

export interface ProgressOptions {
  /** False where a program reads the output: then nothing is ever written. */
  readonly shown?: boolean;
  readonly stream?: Screen;
  readonly environment?: Environment;
  /** A clock that never goes back, in milliseconds. */
  readonly now?: () => number;
}

/** Work that takes less than this passes in silence. */
const silentMs = 1000;
/** Where no line can be rewritten, one plain line tells of work that takes longer than this. */
const silentElsewhereMs = 10_000;
const redrawMs = 250;

const eraseLine = '\r\u001b[K';

/**
 * How work gets on that may take over a second: on a terminal one line on stderr, rewritten and in the end erased;
 * elsewhere a plain line, once, when the work takes over ten seconds. No timer of it keeps the process alive.
 *
 *     const progress = new Progress({ shown: !json });
 *     try {
 *       progress.say('reading the site repo');
 *       …
 *     } finally {
 *       progress.end(); // before anything else is written
 *     }
 */
export class Progress {
  readonly #stream: Screen;
  readonly #shown: boolean;
  readonly #rewrites: boolean;
  readonly #now: () => number;
  readonly #startMs: number;
  #text = '';
  #isDrawn = false;
  #hasTold = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({ shown = true, stream = process.stderr, environment = process.env, now }: ProgressOptions = {}) {
    this.#stream = stream;
    this.#shown = shown;
    this.#rewrites = stream.isTTY === true && environment.TERM !== 'dumb';
    this.#now = now ?? (() => performance.now());
    this.#startMs = this.#now();
    if (!shown) return;
    this.#timer = setInterval(() => this.#draw(0), redrawMs);
    this.#timer.unref();
  }

  /**
   * What is being done from now on.
   * @param blockingSeconds how long it will about take, if it lets no timer run: then it is shown at once, or never
   */
  say(text: string, blockingSeconds = 0): void {
    this.#text = text;
    this.#draw(blockingSeconds * 1000);
  }

  /** Erases the line. What was said by then is over; {@link say} has no effect any more. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#isDrawn) this.#stream.write(eraseLine);
    this.#isDrawn = false;
  }

  #draw(aheadMs: number): void {
    if (this.#timer === undefined || !this.#shown || this.#text === '') return;
    const passedMs = this.#now() - this.#startMs;
    if (passedMs + aheadMs < (this.#rewrites ? silentMs : silentElsewhereMs)) return;
    const seconds = Math.floor(passedMs / 1000);
    const text = printable(`${this.#text} …${seconds > 0 ? ` ${seconds} s` : ''}`);
    if (this.#rewrites) {
      // A line that wraps could not be erased.
      const columns = Math.max(1, (this.#stream.columns || 80) - 1);
      this.#stream.write(`${eraseLine}${[...text].slice(0, columns).join('')}`);
      this.#isDrawn = true;
    } else if (!this.#hasTold) {
      this.#stream.write(`${text}\n`);
      this.#hasTold = true;
    }
  }
}
