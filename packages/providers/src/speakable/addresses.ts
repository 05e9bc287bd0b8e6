import type { Counting } from './counting.js';

const EMAIL = /[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}/g;
const WEB = /\b(?:https?:\/\/)?(?:[a-z0-9-]+\.)+(?:[a-z]{2,24})(?:\/[^\s,;!?)]*)?/gi;
/** Without a scheme or www only these are taken for addresses: "e.g." and "Mr.Smith" are none. */
const KNOWN = /^(?:https?:\/\/|www\.)|\.(?:com|org|net|io|ai|eu|de|fr|es|it|uk|ch|at|nl|us|info|biz)(?:\/|$)/i;

/** E-mail and web addresses as one says them on the telephone. */
export function addressesAloud(text: string, counting: Counting): string {
  return text
    .replaceAll(EMAIL, (address) => aloud(address, counting))
    .replaceAll(WEB, (address) => {
      if (!KNOWN.test(address)) return address;
      const end = /[.:]+$/.exec(address)?.[0] ?? '';
      const bare = address.slice(0, address.length - end.length).replace(/^https?:\/\//i, '');
      return `${aloud(bare.replace(/\/$/, ''), counting)}${end}`;
    });
}

function aloud(address: string, { words }: Counting): string {
  const signs: Readonly<Record<string, string>> = {
    '@': words.at,
    '.': words.dot,
    '/': words.slash,
    '-': words.dash,
    _: words.underscore,
  };
  return address
    .replaceAll(/[@./_-]/g, (sign) => ` ${signs[sign] ?? sign} `)
    .replaceAll(/(\d)(?=\d)/g, '$1 ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}
