// Why a boot came to its end.

export type BootFailureCode =
  /** Nobody answered a DISCOVER or REQUEST in a way that the client could use. */
  | 'DHCP_NO_ANSWER'
  /** The server took its OFFER back every time. */
  | 'DHCP_NAK'
  /** The server did not answer, or went silent. */
  | 'HTTP_UNREACHABLE'
  /** Not 200. */
  | 'HTTP_STATUS'
  /** 3xx: firmware follows no redirect. */
  | 'HTTP_REDIRECT'
  /** Length, framing, connection or type of an answer is not what firmware copes with. */
  | 'HTTP_UNSUPPORTED'
  /** The URL is not one that can be loaded: not http, or an asset whose URL names no digest. */
  | 'URL_UNSUPPORTED'
  | 'DIGEST_MISMATCH'
  | 'SCRIPT_INVALID'
  | 'KERNEL_ARGUMENTS_INVALID'
  | 'IGNITION_INVALID';

export class BootFailure extends Error {
  readonly code: BootFailureCode;
  /** Of HTTP_STATUS and HTTP_REDIRECT. */
  readonly httpStatus: number | null;

  constructor(code: BootFailureCode, message: string, httpStatus: number | null = null) {
    super(message);
    this.code = code;
    this.httpStatus = httpStatus;
  }
}
