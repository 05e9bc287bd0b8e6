import { type ChangeEvent, useState } from 'react';
import { TextField } from '../../ui/field.js';

/** Held in memory as a whole, because all of it is checked before any of it is sent. */
const BYTES_MAX = 10 * 1_024 * 1_024;

export function FileChoice({ onText }: { readonly onText: (text: string) => void }) {
  const [problem, setProblem] = useState<string>();
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file === undefined) return;
    if (file.size > BYTES_MAX) return setProblem('It is larger than 10 MB: divide it.');
    try {
      onText(new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()));
      setProblem(undefined);
    } catch {
      setProblem('It is not UTF-8: save it as "CSV UTF-8".');
    }
  };
  return (
    <TextField
      label="A file"
      type="file"
      accept=".csv,text/csv,text/plain"
      error={problem}
      onChange={(event) => void read(event)}
    />
  );
}
