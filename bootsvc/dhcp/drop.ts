// Why a DHCP message gets no answer.

/** Every reason, with a sentence for people. The names serve as metrics labels. */
export const dropReasons = {
  'not-a-request': 'it is what servers send, not clients',
  'unknown-relay': 'its giaddr is not the address of a ToR switch of this site',
  'no-link': 'it came without a relay, and this server is on no link that serves machines',
  'unknown-machine': 'no machine of this site has this MAC address',
  'wrong-rack': 'the machine is declared on another rack than the one that asks for it',
  'other-server': 'the client has chosen the offer of another server',
  'no-boot-program': 'the firmware asks for HTTP boot, and no boot program is pinned for its architecture',
  'no-client-address': 'an INFORM has to tell the address of the client (ciaddr), and this one does not',
  'wrong-address': 'an INFORM comes from an address that is not one of the machine',
  decline: 'the machine says that another host uses its address; addresses come from the site repo, so nothing changes',
  release: 'the machine gives its address back; addresses come from the site repo, so nothing changes',
  'no-generation': 'this server has no generation yet to answer from',
} as const;

export type DropReason = keyof typeof dropReasons;

/** The decision not to answer. */
export interface Drop {
  readonly drop: DropReason;
}
