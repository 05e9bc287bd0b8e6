import { crc32 } from 'node:zlib';

/**
 * Amazon's event stream encoding (https://smithy.io/2.0/aws/amazon-eventstream.html): length of all, length of the headers, their checksum;
 * headers; payload; checksum of all.
 */
export function frameOf(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => headerOf(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(12 + head.length + body.length + 4, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, head, body]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(message));
  return Buffer.concat([message, checksum]);
}

/** Type 7 is a text. */
function headerOf(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  const lengths = Buffer.alloc(3);
  lengths.writeUInt8(7, 0);
  lengths.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), lengths, bytes]);
}
