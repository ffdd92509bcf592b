import type { Finding } from '../findings';
import type { ConfigFindingCode } from './finding-codes';

/** A text, or the one finding that says why the bytes are none. */
export type Decoded = { readonly text: string } | { readonly finding: Finding };

/** Bytes of a file as UTF-8 text, without a byte-order mark. Never throws. */
export function decodeText(bytes: Uint8Array, file: string): Decoded {
  const encoding = utf16Or32(bytes);
  if (encoding !== undefined) {
    return reject('not-utf8', `${file} is ${encoding} text`, `save it as UTF-8, for example: iconv -f ${encoding} -t UTF-8`);
  }
  if (bytes.includes(0)) {
    return reject('binary-file', `${file} holds NUL bytes, so it is not text`, 'replace it by a YAML file in UTF-8');
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return reject('not-utf8', `${file} is not valid UTF-8`, 'save it as UTF-8, for example: iconv -f ISO-8859-1 -t UTF-8');
  }

  function reject(code: ConfigFindingCode, message: string, fix: string): Decoded {
    return { finding: { code, severity: 'error', where: { file, line: 1, column: 1 }, message, fix } };
  }
}

/** By byte-order mark, or by the NUL in every other byte that plain ASCII has in UTF-16. */
function utf16Or32(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32LE' : 'UTF-16LE';
  if (a === 0xfe && b === 0xff) return 'UTF-16BE';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32BE';
  if (bytes.length < 4 || bytes.length % 2 !== 0) return undefined;
  const sample = bytes.subarray(0, 64);
  const zeros = (offset: number) => sample.every((byte, index) => (index % 2 === offset ? byte === 0 : byte !== 0));
  if (zeros(1)) return 'UTF-16LE';
  if (zeros(0)) return 'UTF-16BE';
  return undefined;
}
