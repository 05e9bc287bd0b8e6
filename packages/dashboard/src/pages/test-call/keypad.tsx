import { Button } from '../../ui/button.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** The keys of a telephone. */
export function Keypad({ onPress }: { readonly onPress: (digit: string) => void }) {
  return (
    <fieldset className="grid w-40 grid-cols-3 gap-1">
      <legend className="sr-only">Keys</legend>
      {KEYS.map((digit) => (
        <Button key={digit} onClick={() => onPress(digit)} aria-label={`Key ${digit}`}>
          {digit}
        </Button>
      ))}
    </fieldset>
  );
}
