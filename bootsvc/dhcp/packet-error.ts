// Why bytes are no DHCP message, or a message cannot be made into bytes.

/** Every reason, with a sentence for people. The names serve as metrics labels. */
export const packetErrors = {
  short: 'shorter than the fixed part of a DHCP message',
  op: 'neither a BOOTREQUEST nor a BOOTREPLY',
  'hardware-type': 'not from an Ethernet card',
  'hardware-length': 'the hardware address is not six bytes long',
  'magic-cookie': 'without the magic cookie: plain BOOTP, or no DHCP at all',
  'truncated-option': 'an option runs past the end of its field',
  'message-type': 'no message type, or one that is not in RFC 2131',
  'option-value': 'an option does not have the form that its RFC gives it',
  'too-long': 'what must be said does not fit into the largest message that the client takes',
} as const;

export type DhcpPacketErrorCode = keyof typeof packetErrors;

export class DhcpPacketError extends Error {
  override readonly name = 'DhcpPacketError';
  readonly code: DhcpPacketErrorCode;

  constructor(code: DhcpPacketErrorCode, detail?: string) {
    super(detail === undefined ? packetErrors[code] : `${packetErrors[code]} (${detail})`);
    this.code = code;
  }
}
