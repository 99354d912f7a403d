// What `berth up` says: steps and events for people, or one line of JSON per event for programs.
export class Teller {
  readonly #json: boolean;
  readonly #startedMs = performance.now();
  #steps = 0;

  constructor(json: boolean) {
    this.#json = json;
  }

  step(title: string): void {
    this.#steps++;
    if (this.#json) this.#line({ event: 'step', step: this.#steps, title });
    else process.stdout.write(`\n${this.#steps}. ${title}\n`);
  }

  /** @param facts go into the JSON beside the text */
  say(event: string, text: string, facts: Readonly<Record<string, unknown>> = {}): void {
    if (this.#json) this.#line({ event, step: this.#steps, text, ...facts });
    else process.stdout.write(`${text.replace(/^/gm, '   ')}\n`);
  }

  /** Like {@link say}; for people only when it is an example that they should see. */
  detail(example: boolean, event: string, text: string, facts: Readonly<Record<string, unknown>>): void {
    if (this.#json || example) this.say(event, text, facts);
  }

  #line(value: Readonly<Record<string, unknown>>): void {
    const seconds = Math.round(performance.now() - this.#startedMs) / 1000;
    process.stdout.write(`${JSON.stringify({ seconds, ...value })}\n`);
  }
}
