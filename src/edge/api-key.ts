// API keys: `ah_paper_<keyId>_<secret><checksum>`. The checksum turns typing errors and guesses away before anything is looked
// up; the database keeps only the SHA-256 of the whole key.
import { crc32 } from "node:zlib";

export const KEY_PREFIX = "ah_paper_";
const KEY_ID_BYTES = 10;
const SECRET_BYTES = 32;
const KEY = /^ah_paper_([0-9a-z]{16})_([0-9a-z]{52})([0-9a-f]{8})$/;
/** Without letters that are taken for one another. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

export interface NewKey {
  readonly keyId: string;
  /** The key itself; nobody can show it again. */
  readonly key: string;
}

/** Without a key id of its own it gets a random one. */
export function makeKey(keyId = base32(crypto.getRandomValues(new Uint8Array(KEY_ID_BYTES)))): NewKey {
  const body = `${KEY_PREFIX}${keyId}_${base32(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))}`;
  return { keyId, key: `${body}${checksumOf(body)}` };
}

/** The key id that a maker's Idempotency-Key stands for: the same twice, so that the second key finds its id taken. */
export const keyIdFor = async (makerKeyId: string, idempotencyKey: string): Promise<string> =>
  base32((await digestOf(`${makerKeyId}\n${idempotencyKey}`)).slice(0, KEY_ID_BYTES));

/** The id within a well-formed key, or null when the form or the checksum is wrong. */
export function keyIdOf(key: string): string | null {
  const match = KEY.exec(key);
  if (match === null) return null;
  const [, keyId = null, , checksum] = match;
  return checksumOf(key.slice(0, -8)) === checksum ? keyId : null;
}

const utf8 = new TextEncoder();

export const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(text)));

/** Takes the same time whatever the difference. */
export const isSameDigest = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

const checksumOf = (text: string): string => crc32(text).toString(16).padStart(8, "0");

function base32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}
