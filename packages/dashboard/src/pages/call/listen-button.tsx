import { useEffect, useRef, useState } from 'react';
import { socketAddress } from '../../base.js';
import { browserClock } from '../../clock.js';
import { type Listening, type ListenState, listen } from '../../sound/listen.js';
import { listenEndWords } from '../../sound/listen-end.js';
import { type Levels, SILENT } from '../../sound/meter.js';
import { Button } from '../../ui/button.js';
import { useNotice } from '../../ui/notices.js';

/** Hears the call as it is held, and shows who is heard. It ends with the page. */
export function ListenButton({ callId }: { readonly callId: string }) {
  const [state, setState] = useState<ListenState>('over');
  const [levels, setLevels] = useState(SILENT);
  const listening = useRef<Listening>(undefined);
  const tell = useNotice();
  useEffect(() => () => listening.current?.stop(), []);
  const start = () => {
    setLevels(SILENT);
    listening.current = listen(socketAddress(`/v1/calls/${callId}/listen`, document), browserClock, {
      onState: setState,
      onLevels: setLevels,
      onEnd: (end) => {
        const words = listenEndWords(end);
        if (words !== undefined) tell(words);
      },
    });
  };
  const isOn = state !== 'over';
  return (
    <>
      {state === 'listening' && <Meters levels={levels} />}
      <Button onClick={() => (isOn ? listening.current?.stop() : start())}>
        {state === 'connecting' ? 'Connecting...' : isOn ? 'Stop listening' : 'Listen'}
      </Button>
    </>
  );
}

/** Whether anything is heard, for whoever hears nothing. */
function Meters({ levels: { caller, assistant } }: { readonly levels: Levels }) {
  return (
    <div className="grid grid-cols-[auto_4rem] items-center gap-x-2 text-xs">
      <span aria-hidden="true">Caller</span>
      <meter aria-label="Loudness of the caller" min={0} max={100} value={caller} className="w-full" />
      <span aria-hidden="true">Assistant</span>
      <meter aria-label="Loudness of the assistant" min={0} max={100} value={assistant} className="w-full" />
    </div>
  );
}
