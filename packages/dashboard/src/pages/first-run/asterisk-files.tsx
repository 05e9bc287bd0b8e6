import type { DialplanFiles } from '@rapida/client';
import { useState } from 'react';
import { useCreateKey } from '../../data/keys.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Failure } from '../../ui/states.js';

/** The files of `rapida dialplan`. The key in them is made when it is asked for, and stays in this page alone. */
export function AsteriskFiles({ generated }: { readonly generated: DialplanFiles }) {
  const { files, notes, keyPlaceholder } = generated;
  const [key, setKey] = useState<string>();
  const create = useCreateKey();
  const needsKey = files.some(({ text }) => text.includes(keyPlaceholder));
  const makeKey = () =>
    create.mutate({ name: 'Asterisk', scopes: ['inbound'] }, { onSuccess: (made) => setKey(made.key) });
  return (
    <>
      {notes.length > 0 && (
        <ul className="mb-3 list-disc rounded-md bg-warn-soft py-2 pr-3 pl-7 text-warn">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {needsKey && (
        <div className="mb-3 flex flex-wrap items-center gap-3 rounded-md bg-sunken px-3 py-2">
          {key === undefined ? (
            <>
              <p className="grow">Your Asterisk needs a key of its own, which may only register calls.</p>
              <Button look="primary" disabled={create.isPending} onClick={makeKey}>
                Make a key and put it in
              </Button>
            </>
          ) : (
            <p role="status">
              The key is in the files now. It is shown this one time only: copy them before you leave.
            </p>
          )}
        </div>
      )}
      {create.error !== null && <Failure error={create.error} />}
      {files.map(({ name, text }) => (
        <CodeBlock
          key={name}
          title={name}
          text={key === undefined ? text : text.replaceAll(keyPlaceholder, key)}
          fileName={name.split('/').at(-1) ?? name}
        />
      ))}
    </>
  );
}
