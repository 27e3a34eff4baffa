/** By the first bytes of the format (RFC 1952, §2.3.1). No COPY data begins with them in any of its formats. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b
