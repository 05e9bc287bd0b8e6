import type { Call, TranscriptTurn } from '@rapida/client';
import { lazy, Suspense } from 'react';
import { isOver, useTranscript } from '../../data/calls.js';
import { useServer } from '../../data/server.js';
import { useSpokenWords } from '../../live/live-provider.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { saveFile } from '../../ui/save-file.js';
import { Answer, Empty } from '../../ui/states.js';
import { type Player, usePlayer } from './player.js';
import { Transcript } from './transcript.js';
import { transcriptText } from './transcript-text.js';

const Waveform = lazy(() => import('./waveform.js'));

/** What was said, and how it sounded. */
export function Conversation({ call }: { readonly call: Call }) {
  const transcript = useTranscript(call.id);
  const player = usePlayer();
  const hasSound = call.hasRecording && isOver(call);
  return (
    <>
      {hasSound && <Sound call={call} player={player} />}
      {!call.hasRecording && isOver(call) && (
        <p className="mb-3 text-muted">
          There is no recording of this call. The assistant&apos;s setting &quot;recording&quot; makes one of the next.
        </p>
      )}
      <Answer of={transcript} what="the transcript">
        {(turns) =>
          turns.length === 0 && isOver(call) ? (
            <Empty title="Nothing was said in this call.">
              <ButtonLink to={`/calls/${call.id}?tab=events`}>See what happened</ButtonLink>
            </Empty>
          ) : (
            <>
              {turns.length > 0 && <TranscriptFile callId={call.id} turns={turns} />}
              <Transcript turns={turns} player={hasSound ? player : undefined} />
            </>
          )
        }
      </Answer>
      {!isOver(call) && <SaidNow callId={call.id} />}
    </>
  );
}

function Sound({ call, player }: { readonly call: Call; readonly player: Player }) {
  const { url } = useServer();
  const address = `${url}/v1/calls/${call.id}/recording`;
  return (
    <div className="mb-4">
      <Suspense fallback={<div className="mb-2 h-24 rounded bg-sunken" />}>
        <Waveform callId={call.id} player={player} />
      </Suspense>
      {/* biome-ignore lint/a11y/useMediaCaption: the transcript is below, word by word */}
      <audio
        ref={player.audio}
        src={address}
        controls
        preload="metadata"
        className="h-10 w-full"
        aria-label="Recording"
      />
    </div>
  );
}

function TranscriptFile({ callId, turns }: { readonly callId: string; readonly turns: readonly TranscriptTurn[] }) {
  return (
    <div className="mb-1 flex justify-end">
      <Button onClick={() => saveFile(`call-${callId}.txt`, transcriptText(turns))}>Download the transcript</Button>
    </div>
  );
}

/** The words as they are spoken; they stand in the transcript a moment later. */
function SaidNow({ callId }: { readonly callId: string }) {
  const words = useSpokenWords(callId);
  return (
    <div role="log" aria-label="Being said now" className="mt-2 min-h-12 rounded-md bg-sunken px-3 py-2">
      {words === undefined ? (
        <p className="text-muted">Nobody is speaking.</p>
      ) : (
        <>
          <p className="text-xs font-semibold text-muted">{words.who === 'caller' ? 'Caller' : 'Assistant'}, now</p>
          <p>
            {words.text}
            {words.partial && '...'}
          </p>
        </>
      )}
    </div>
  );
}
