export type AriTechnology = 'PJSIP' | 'SIP' | 'IAX2' | 'DAHDI';

export interface EndpointParts {
  readonly technology: AriTechnology;
  /** The name of the trunk; for DAHDI the group, such as `g0`. */
  readonly trunk?: string;
  readonly number: string;
}

/** An optional leading `+`, then 1 to 32 of digits, `*` and `#`. */
export function isDialableNumber(text: string): boolean {
  return /^\+?[0-9*#]{1,32}$/.test(text);
}

/** 1 to 80 letters, digits, `_`, `.` and `-`. */
export function isTrunkName(text: string): boolean {
  return /^[A-Za-z0-9_.-]{1,80}$/.test(text);
}

/**
 * The endpoint to dial: `PJSIP/number@trunk` (Asterisk refuses `PJSIP/trunk/number`), `SIP/trunk/number`, or `TECH/number` without a trunk.
 * Throws a TypeError for what `isDialableNumber` or `isTrunkName` refuses: check before.
 */
export function buildEndpoint(parts: EndpointParts): string {
  const { technology, trunk, number } = parts;
  if (!isDialableNumber(number)) throw new TypeError('the number cannot be dialled');
  if (trunk === undefined) return `${technology}/${number}`;
  if (!isTrunkName(trunk)) throw new TypeError('the trunk has no valid name');
  return technology === 'PJSIP' ? `PJSIP/${number}@${trunk}` : `${technology}/${trunk}/${number}`;
}
