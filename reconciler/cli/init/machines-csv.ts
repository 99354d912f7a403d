// The machines of a new site from a table: serial,rack,slot,role,mac1,mac2. Pure.
import rackSchema from '../../../schema/site/rack.schema.json' with { type: 'json' };
import { CliError } from '../cli-error.ts';
import { firstMachineSlot, torsPerRack } from './address-layout.ts';

export interface NewMachine {
  readonly serial: string;
  /** Number of its rack. */
  readonly rack: number;
  readonly slot: number;
  readonly role: string;
  /** In the order of the ToRs. */
  readonly macs: readonly string[];
}

const columns = 'serial,rack,slot,role,mac1,mac2';
const { serial, slot, role, macs } = rackSchema.$defs.machine.properties;

/**
 * @param text with a line for each machine; a heading, empty lines and lines that begin with # are passed over. A slot
 *   that is left out is the next one of the rack.
 * @param file what it is called in messages
 * @throws {CliError} that names the line
 */
export function parseMachines(text: string, file: string): readonly NewMachine[] {
  const nextSlot = new Map<number, number>();
  return text.split(/\r?\n/).flatMap((line, index) => {
    const fields = line.split(/[,;\t]/).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
    if (line.trim() === '' || line.startsWith('#') || (index === 0 && /^serial$/i.test(fields[0] ?? ''))) return [];
    const machine = readMachine(fields, nextSlot, (message) => {
      throw new CliError(`${file}:${index + 1}: ${message}; a line is ${columns}`);
    });
    nextSlot.set(machine.rack, machine.slot + 1);
    return [machine];
  });
}

function readMachine(
  fields: readonly string[],
  nextSlot: ReadonlyMap<number, number>,
  fail: (message: string) => never,
): NewMachine {
  const [serialText = '', rackText = '', slotText = '', roleText = '', ...macTexts] = fields;
  if (!new RegExp(serial.pattern).test(serialText)) fail(`${quoted(serialText)} is no serial`);
  if (!/^r?\d{1,4}$/.test(rackText)) fail(`${quoted(rackText)} is no rack: expected its number`);
  const rack = Number(rackText.replace('r', ''));
  const slotNumber = slotText === '' ? (nextSlot.get(rack) ?? firstMachineSlot) : Number(slotText);
  if (!Number.isInteger(slotNumber) || slotNumber < firstMachineSlot || slotNumber > slot.maximum) {
    fail(`${quoted(slotText)} is no slot for a machine: they begin at ${firstMachineSlot}`);
  }
  if (!new RegExp(role.pattern).test(roleText)) fail(`${quoted(roleText)} is no role`);
  const addresses = macTexts.filter((mac) => mac !== '').map((mac) => mac.toLowerCase().replaceAll('-', ':'));
  const wrong = addresses.find((mac) => !new RegExp(macs.items.pattern).test(mac));
  if (wrong !== undefined) fail(`${quoted(wrong)} is no MAC address`);
  if (addresses.length !== torsPerRack) fail(`${addresses.length} MAC addresses, where a machine has ${torsPerRack}`);
  return { serial: serialText, rack, slot: slotNumber, role: roleText, macs: addresses };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
