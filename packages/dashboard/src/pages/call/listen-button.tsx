import { useEffect, useRef, useState } from 'react';
import { socketAddress } from '../../base.js';
import { type Listening, type ListenState, listen } from '../../sound/listen.js';
import { Button } from '../../ui/button.js';
import { useNotice } from '../../ui/notices.js';

/** Hears the call as it is held. It ends with the page. */
export function ListenButton({ callId }: { readonly callId: string }) {
  const [state, setState] = useState<ListenState>('ended');
  const listening = useRef<Listening>(undefined);
  const tell = useNotice();
  useEffect(() => () => listening.current?.stop(), []);
  const isOn = state === 'connecting' || state === 'listening';
  const start = () => {
    listening.current = listen(socketAddress(`/v1/calls/${callId}/listen`, document), (next) => {
      setState(next);
      if (next === 'failed') tell('This call cannot be listened to now: it may have ended.');
    });
  };
  return (
    <Button aria-pressed={isOn} onClick={() => (isOn ? listening.current?.stop() : start())}>
      {state === 'connecting' ? 'Connecting...' : isOn ? 'Stop listening' : 'Listen'}
    </Button>
  );
}
