import type { Call } from '@rapida/client';
import { useState } from 'react';
import { useCallControls } from '../../data/calls.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { useNotice } from '../../ui/notices.js';
import { ListenButton } from './listen-button.js';
import { SayDialog } from './say-dialog.js';
import { TransferDialog } from './transfer-dialog.js';

/** What can be done to a call while it is held. */
export function CallActions({ call }: { readonly call: Call }) {
  const [open, setOpen] = useState<'say' | 'transfer'>();
  const { hangUp } = useCallControls(call.id);
  const tell = useNotice();
  const close = () => setOpen(undefined);
  const isConnected = call.state === 'connected';
  return (
    <>
      {isConnected && (
        <>
          <ListenButton callId={call.id} />
          <Button onClick={() => setOpen('say')}>Say this...</Button>
          <Button onClick={() => setOpen('transfer')}>Transfer...</Button>
        </>
      )}
      <ConfirmButton
        label={isConnected ? 'Hang up' : 'Cancel the call'}
        title={isConnected ? 'Hang up this call?' : 'Cancel this call?'}
        onConfirm={async () => {
          await hangUp.mutateAsync();
          tell('The call is being ended.');
        }}
      >
        {isConnected ? 'It ends after what the assistant is saying at this moment.' : 'Nobody will be called.'}
      </ConfirmButton>
      {open === 'say' && <SayDialog callId={call.id} onClose={close} />}
      {open === 'transfer' && <TransferDialog call={call} onClose={close} />}
    </>
  );
}
