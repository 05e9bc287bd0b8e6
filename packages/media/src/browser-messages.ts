/** What a browser says beside its sound. */
export type BrowserMessage =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'dtmf'; readonly digit: string }
  | { readonly type: 'hangup' };

const DIGIT = /^[0-9*#A-D]$/i;

/** Undefined: none that is known here. */
export function readBrowserMessage(json: string): BrowserMessage | undefined {
  let message: { readonly type?: unknown; readonly text?: unknown; readonly digit?: unknown };
  try {
    message = JSON.parse(json) ?? {};
  } catch {
    return undefined;
  }
  const { type, text, digit } = message;
  if (type === 'hangup') return { type };
  if (type === 'say' && typeof text === 'string') return { type, text };
  if (type === 'dtmf' && typeof digit === 'string' && DIGIT.test(digit)) return { type, digit };
  return undefined;
}
