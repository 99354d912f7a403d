// Which lines of the daemons' logs `berth up` tells of, and in what words.
import type { Teller } from './up-tell.ts';

/** One line of a daemon's log. */
export interface LogLine {
  readonly event: string;
  readonly [member: string]: unknown;
}

export class Narrator {
  readonly #teller: Teller;
  /** The machine whose boot is told stage by stage. */
  #example: string | null = null;

  constructor(teller: Teller) {
    this.#teller = teller;
  }

  tell(line: LogLine): void {
    const teller = this.#teller;
    const commit = String(line.commit).slice(0, 12);
    switch (line.event) {
      case 'accepted':
        this.#example = null;
        return teller.say('accepted', `accepted ${commit}, signed by ${line.signer}`, line);
      case 'plan':
        return teller.detail(String(line.text).includes('\n  publish '), 'plan', String(line.text), line);
      case 'published': {
        const { generation, written, present } = line;
        const text = `generation ${generation} published: ${written} objects written, ${present} kept`;
        return teller.say('published', text, line);
      }
      case 'action':
        return teller.detail(line.kind === 'restart', 'action', `restarted ${line.name} (${line.serial})`, line);
      case 'stage': {
        this.#example ??= String(line.serial);
        const text = `${line.serial} ${line.stage}: ${line.detail}`;
        return teller.detail(line.serial === this.#example, 'stage', text, line);
      }
      case 'converged':
        return teller.say('converged', `converged: every machine runs what commit ${commit} says`, line);
      case 'refused':
        // The history's own line about it says nothing more.
        if ('code' in line) teller.say('refused', `refused ${commit}: ${line.code}: ${line.message}`, line);
        return;
    }
  }
}
