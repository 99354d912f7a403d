// What is known of a stand-in before it boots: the part of a machine object that is soldered in or cabled.
import { createHash } from 'node:crypto';
import type { MachineObject } from '../schema/types/machine-object.ts';

/** A machine object of a blueprint is one; the stand-in looks at nothing that a real machine would not know. */
export type Hardware = Pick<MachineObject, 'serial' | 'slot' | 'macs' | 'node'> & {
  /** One per card: the ToR it is wired to and that ToR's address there, which its relay agent uses as giaddr. */
  readonly links: readonly Pick<MachineObject['links'][number], 'tor' | 'gateway'>[];
  readonly bmc: Pick<MachineObject['bmc'], 'address'>;
};

/** A card that boots, and the relay agent at the other end of its cable. */
export interface Card {
  readonly mac: string;
  readonly tor: string;
  readonly giaddr: string;
}

/**
 * Cards in boot order; the n-th MAC is wired to the n-th ToR.
 * @throws {RangeError} when a machine has no card with a cable, or more cards than cables
 */
export function cardsOf(hardware: Hardware): readonly Card[] {
  if (hardware.macs.length === 0) throw new RangeError(`${hardware.serial} has no network card`);
  return hardware.macs.map((mac, index) => {
    const link = hardware.links[index];
    if (link === undefined) throw new RangeError(`${hardware.serial}: card ${mac} is wired to no ToR`);
    return { mac, tor: link.tor, giaddr: link.gateway };
  });
}

/** The SMBIOS UUID of a stand-in: made from its serial, so that it is the same at every start (RFC 9562 version 8). */
export function smbiosUuid(serial: string): string {
  const bytes = createHash('sha256').update(`smbios:${serial}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
